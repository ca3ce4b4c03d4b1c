//! How large a place of a kind typically is.

use crate::gazetteer::Feature;

/// The radius in km of a disk that holds a city's people at 3,000 to the km², half a km at least.
///
/// ```
/// assert!((mentionmap::gazetteer::build::city_radius_km(1_000_000) - 10.3).abs() < 0.1);
/// ```
pub fn city_radius_km(population: u32) -> f32 {
    (population as f32 / 3000.0 / std::f32::consts::PI).sqrt().max(0.5)
}

/// A typical radius in km for a place of which only its feature and its inhabitants are known; never 0.
///
/// ```
/// use mentionmap::gazetteer::Feature;
/// use mentionmap::gazetteer::build::typical_radius_km;
/// assert!(typical_radius_km(Feature::new("H.OCN"), 0) > typical_radius_km(Feature::new("H.LK"), 0));
/// ```
#[expect(clippy::match_same_arms, reason = "a table by class, each with its own radius")]
pub fn typical_radius_km(feature: Feature, population: u32) -> f32 {
    match (feature.class(), feature.code()) {
        ('P', _) => city_radius_km(population),
        ('A', "ADM1" | "ADM1H") => 80.0,
        ('A', "ADM2" | "ADM2H" | "ADMD") => 20.0,
        ('A', "ADM3" | "ADM3H") => 10.0,
        ('A', "ADM4" | "ADM4H") => 5.0,
        ('A', "ADM5" | "ADM5H") => 3.0,
        ('A', "TERR") => 100.0,
        ('A', code) if code.starts_with("PCL") => 250.0,
        ('A', _) => 20.0,
        ('L', "CONT") | ('H', "OCN") => 3000.0,
        ('L', "RGN" | "RGNE" | "RGNH" | "RGNL") | ('T', "MTS") => 150.0,
        ('L', "AREA" | "PRK" | "RES" | "RESN" | "RESF" | "RESW" | "CST" | "COAST" | "BSND" | "OAS") => 20.0,
        ('L', _) => 5.0,
        ('H', "SEA") => 500.0,
        ('H', "GULF") | ('T', "DSRT" | "PLAT" | "ISLS") => 150.0,
        ('H', "STRT" | "SD" | "STM") | ('T', "PEN" | "PLN" | "DPR") | ('U', _) => 50.0,
        ('H', "BAY" | "CHN" | "CNL" | "EST" | "FJD" | "LKS" | "LGN") | ('T', "ISL" | "VAL") => 20.0,
        ('H', "LK" | "LKO" | "RSV" | "GLCR" | "RF") | ('T', "VLC" | "PASS" | "CAPE") | ('V', _) => 10.0,
        ('H' | 'T', _) => 3.0,
        ('R', _) => 5.0,
        ('S', "AIRP" | "AIRB" | "AIRF" | "MILB" | "INSM" | "CMPRF" | "PRT") => 2.0,
        _ => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_an_extent() {
        for code in ["", "X", "A.ADM1", "P.PPL", "H.STM", "T.MT", "S.UNIV", "V.FRST", "R.RD", "U.TRNU", "L.RGN"] {
            let km = typical_radius_km(Feature::new(code), 0);
            assert!((0.5..=3000.0).contains(&km), "{code}: {km}");
        }
    }
}
