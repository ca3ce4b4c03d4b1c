//! Projections of the sphere, of radius 1: longitude and latitude in degrees to x, growing eastward, and y, northward.

use std::f64::consts::PI;

/// A projection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Projection {
    /// Natural Earth (Tom Šavrič's polynomial), for the world; its middle meridian in degrees.
    NaturalEarth(f64),
    /// Lambert's azimuthal equal-area, for what is smaller: its middle, longitude and latitude in degrees.
    EqualArea(f64, f64),
}

/// A longitude as seen from another one: from −180 up to 180.
pub(super) fn relative(longitude: f64, middle: f64) -> f64 {
    (longitude - middle + 180.0).rem_euclid(360.0) - 180.0
}

impl Projection {
    /// The meridian in the middle, in degrees.
    pub(super) fn meridian(self) -> f64 {
        match self {
            Self::NaturalEarth(longitude) | Self::EqualArea(longitude, _) => longitude,
        }
    }

    /// Projects a point whose longitude is given from the middle meridian.
    pub(super) fn forward(self, [longitude, latitude]: [f64; 2]) -> [f64; 2] {
        let (l, p) = (longitude.to_radians(), latitude.clamp(-90.0, 90.0).to_radians());
        match self {
            Self::NaturalEarth(_) => {
                let p2 = p * p;
                let p4 = p2 * p2;
                let x = 0.8707 - 0.131_979 * p2 + p4 * (-0.013_791 + p4 * (0.003_971 * p2 - 0.001_529 * p4));
                let y = 1.007_226 + p2 * (0.015_085 + p4 * (-0.044_475 + 0.028_874 * p2 - 0.005_916 * p4));
                [l * x, p * y]
            }
            Self::EqualArea(_, middle) => {
                let (sin, cos) = middle.to_radians().sin_cos();
                let k = (2.0 / (1.0 + sin * p.sin() + cos * p.cos() * l.cos()).max(1e-9)).sqrt();
                [k * p.cos() * l.sin(), k * (cos * p.sin() - sin * p.cos() * l.cos())]
            }
        }
    }

    /// The point that is projected to `at`, its longitude given from the middle meridian; for the azimuthal projection
    /// only, and within its disc.
    pub(super) fn back(self, [x, y]: [f64; 2]) -> Option<[f64; 2]> {
        let Self::EqualArea(_, middle) = self else { return None };
        let distance = x.hypot(y);
        if distance > 2.0 {
            return None;
        }
        let (sin, cos) = middle.to_radians().sin_cos();
        let angle = 2.0 * (distance / 2.0).asin();
        let ratio = if distance > 0.0 { angle.sin() / distance } else { 1.0 };
        let latitude = (angle.cos() * sin + y * ratio * cos).clamp(-1.0, 1.0).asin();
        let longitude = (x * ratio).atan2(cos * angle.cos() - y * ratio * sin);
        Some([longitude * 180.0 / PI, latitude * 180.0 / PI])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_points() {
        // As d3-geo has them.
        let [x, y] = Projection::NaturalEarth(0.0).forward([180.0, 0.0]);
        assert!((x - 2.735_38).abs() < 1e-4 && y == 0.0, "{x}");
        let [_, y] = Projection::NaturalEarth(0.0).forward([0.0, 90.0]);
        assert!((y - 1.424).abs() < 1e-2, "{y}");
        assert_eq!(relative(-179.0, 179.0), 2.0);
        assert_eq!(relative(180.0, 0.0), -180.0);
    }

    proptest! {
        #[test]
        fn back_again(middle in -90.0..90.0f64, longitude in -170.0..170.0f64, latitude in -80.0..80.0f64) {
            let projection = Projection::EqualArea(0.0, middle);
            let at = projection.forward([longitude, latitude]);
            prop_assume!(at[0].hypot(at[1]) < 1.9);
            let [l, p] = projection.back(at).unwrap();
            prop_assert!((l - longitude).abs() < 1e-6 && (p - latitude).abs() < 1e-6, "{l} {p}");
        }
    }
}
