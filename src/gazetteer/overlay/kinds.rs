//! Kinds of places as people write them: GeoNames codes and plain words.

use crate::gazetteer::Feature;

/// The feature of a kind: a GeoNames class and code (`P.PPL`), a code alone (`PPL`), or a word (`village`).
pub(super) fn feature(text: &str) -> Option<Feature> {
    let word = text.trim().to_lowercase().replace(['_', '-'], " ");
    if let Some((_, feature)) = WORDS.iter().find(|(words, _)| words.contains(&word.as_str())) {
        return Some(Feature::new(feature));
    }
    let code = text.trim().to_ascii_uppercase();
    if let Some((class, code)) = code.split_once('.') {
        let known = CODES.iter().any(|(known, _)| *known == class);
        let is_code = (1..=6).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
        return (known && is_code).then(|| Feature::new(&format!("{class}.{code}")));
    }
    let (class, _) = CODES.iter().find(|(_, codes)| codes.split_whitespace().any(|known| known == code))?;
    Some(Feature::new(&format!("{class}.{code}")))
}

/// Words, in lower case, and the features that they mean.
const WORDS: &[(&[&str], &str)] = &[
    (&["city", "town", "village", "hamlet", "settlement", "populated place", "place"], "P.PPL"),
    (&["capital"], "P.PPLC"),
    (&["locality"], "P.PPLL"),
    (&["neighborhood", "neighbourhood", "quarter", "suburb"], "P.PPLX"),
    (&["abandoned village", "abandoned"], "P.PPLQ"),
    (&["country", "nation"], "A.PCLI"),
    (&["territory"], "A.TERR"),
    (&["admin1", "state", "province", "governorate", "oblast"], "A.ADM1"),
    (&["admin2", "county", "district", "department"], "A.ADM2"),
    (&["admin3", "subdistrict", "municipality", "commune"], "A.ADM3"),
    (&["camp"], "S.CMP"),
    (&["refugee camp", "idp camp", "displacement camp"], "S.CMPRF"),
    (&["base", "military base", "barracks", "outpost"], "L.MILB"),
    (&["airport"], "S.AIRP"),
    (&["airfield", "airstrip"], "S.AIRF"),
    (&["air base", "airbase"], "S.AIRB"),
    (&["border crossing", "border post", "crossing"], "S.PSTB"),
    (&["checkpoint"], "S.PSTP"),
    (&["hospital", "clinic"], "S.HSP"),
    (&["school"], "S.SCH"),
    (&["university"], "S.UNIV"),
    (&["mosque"], "S.MSQE"),
    (&["church"], "S.CH"),
    (&["monastery"], "S.MSTY"),
    (&["prison"], "S.PRN"),
    (&["bridge"], "S.BDG"),
    (&["dam"], "S.DAM"),
    (&["power station", "power plant"], "S.PS"),
    (&["mine"], "S.MN"),
    (&["market"], "S.MKT"),
    (&["building"], "S.BLDG"),
    (&["hotel"], "S.HTL"),
    (&["stadium"], "S.STDM"),
    (&["station", "railway station"], "S.RSTN"),
    (&["factory"], "S.MFG"),
    (&["farm"], "S.FRM"),
    (&["facility", "site"], "S.FCL"),
    (&["monument"], "S.MNMT"),
    (&["ruin", "ruins"], "S.RUIN"),
    (&["archaeological site", "ancient site"], "S.ANS"),
    (&["oil field", "oilfield"], "L.OILF"),
    (&["gas field", "gasfield"], "L.GASF"),
    (&["port"], "L.PRT"),
    (&["park"], "L.PRK"),
    (&["oasis"], "L.OAS"),
    (&["region"], "L.RGN"),
    (&["area", "zone"], "L.AREA"),
    (&["continent"], "L.CONT"),
    (&["street"], "R.ST"),
    (&["road", "highway"], "R.RD"),
    (&["river", "stream"], "H.STM"),
    (&["wadi"], "H.WAD"),
    (&["lake"], "H.LK"),
    (&["reservoir"], "H.RSV"),
    (&["sea"], "H.SEA"),
    (&["ocean"], "H.OCN"),
    (&["gulf"], "H.GULF"),
    (&["bay"], "H.BAY"),
    (&["strait"], "H.STRT"),
    (&["canal"], "H.CNL"),
    (&["harbor", "harbour"], "H.HBR"),
    (&["spring"], "H.SPNG"),
    (&["well"], "H.WLL"),
    (&["waterfall"], "H.FLLS"),
    (&["swamp"], "H.SWMP"),
    (&["marsh"], "H.MRSH"),
    (&["mountain"], "T.MT"),
    (&["mountains", "mountain range"], "T.MTS"),
    (&["hill"], "T.HLL"),
    (&["peak"], "T.PK"),
    (&["volcano"], "T.VLC"),
    (&["valley"], "T.VAL"),
    (&["desert"], "T.DSRT"),
    (&["plain"], "T.PLN"),
    (&["plateau"], "T.PLAT"),
    (&["island"], "T.ISL"),
    (&["islands", "archipelago"], "T.ISLS"),
    (&["peninsula"], "T.PEN"),
    (&["cape"], "T.CAPE"),
    (&["pass"], "T.PASS"),
    (&["beach"], "T.BCH"),
    (&["forest"], "V.FRST"),
];

/// GeoNames' codes by class, for those who leave the class out.
const CODES: &[(&str, &str)] = &[
    ("P", "PPL PPLA PPLA2 PPLA3 PPLA4 PPLA5 PPLC PPLCH PPLF PPLG PPLH PPLL PPLQ PPLR PPLS PPLW PPLX STLMT"),
    (
        "A",
        "ADM1 ADM1H ADM2 ADM2H ADM3 ADM3H ADM4 ADM4H ADM5 ADM5H ADMD ADMDH LTER PCL PCLD PCLF PCLH PCLI PCLIX PCLS \
         PRSH TERR ZN ZNB",
    ),
    (
        "S",
        "AIRB AIRF AIRH AIRP AIRQ AIRT AMTH ANS ARCH ASTR ASYL ATHF BANK BCN BDG BDGQ BLDG BP BTYD BUR BUSTN BUSTP \
         CARN CAVE CH CMP CMPL CMPLA CMPMN CMPO CMPQ CMPRF CMTY CRKT CSNO CSTL CSTM CTHSE CTRA CTRB CTRCM CTRF CTRM \
         CTRR CTRS CVNT DAM DAMQ DAMSB DCKD DCKY DIKE DIP EST ESTO ESTR ESTT FCL FNDY FRM FRMQ FRMS FRMT FT FY GATE \
         GDN GHAT GHSE GOSP GOVL GRVE HERM HLT HMSD HSE HSEC HSP HSPC HSPD HSPL HSTS HTL HUT HUTS INSM JTY LEPC LIBR \
         LOCK LTHSE MALL MAR MFG MFGB MFGC MFGCU MFGLM MFGM MFGN MFGPH MFGQ MFGSG MKT ML MN MNAU MNC MNCR MNCU MNFE \
         MNMT MNN MNQ MNQR MOLE MSQE MSSN MSTY MTRO MUS NOV OBS OBSR OILJ OILQ OILR OILT OILW OPRA PAL PGDA PIER PKLT \
         PMPO PMPW PO PP PPQ PRN PRNJ PRNQ PS PSH PSN PSTB PSTC PSTP PYR PYRS QUAY RDCR RDIN RECG RECR REST RET RHSE \
         RKRY RLG RLGR RNCH RSD RSGNL RSRT RSTN RSTNQ RSTP RSTPQ RUIN SCH SCHA SCHC SCHL SCHM SCHN SCHT SECP SHPF \
         SHRN SHSE SLCE SNTR SPA SPLY SQR STBL STDM STNB STNC STNE STNF STNI STNM STNR STNS STNW STPS SWT SYG THTR \
         TMB TMPL TNKD TOLL TOWR TRAM TRANT TRIG TRMO TWO UNIP UNIV USGE VETF WALL WALLA WEIR WHRF WRCK WTRW ZNF ZOO",
    ),
    (
        "L",
        "AGRC AMUS AREA BSND BSNP BTL CLG CMN CNS COLF CONT CST CTRB DEVH FLD FLDI GASF GRAZ GVL INDS LAND LCTY MILB \
         MNA MVA NVB OAS OILF PEAT PRK PRT QCKS RES RESA RESF RESH RESN RESP RESV RESW RGN RGNE RGNH RGNL RNGA SALT \
         SNOW TRB",
    ),
    (
        "H",
        "AIRS ANCH BAY BAYS BGHT BNK BNKR BNKX BOG CAPG CHN CHNL CHNM CHNN CNFL CNL CNLA CNLB CNLD CNLI CNLN CNLQ \
         CNLSB CNLX COVE CRKT CRNT CUTF DCK DCKB DOMG DPRG DTCH DTCHD DTCHI DTCHM ESTY FISH FJD FJDS FLLS FLLSX FLTM \
         FLTT GLCR GULF GYSR HBR HBRX INLT INLTQ LBED LGN LGNS LGNX LK LKC LKI LKN LKNI LKO LKOI LKS LKSB LKSC LKSI \
         LKSN LKSNI LKX MFGN MGV MOOR MRSH MRSHN NRWS OCN OVF PND PNDI PNDN PNDNI PNDS PNDSF PNDSI PNDSN POOL POOLI \
         RCH RDGG RDST RF RFC RFX RPDS RSV RSVI RSVT RVN SBKH SD SEA SHOL SILL SPNG SPNS SPNT STM STMA STMB STMC STMD \
         STMH STMI STMIX STMM STMQ STMS STMSB STMX STRT SWMP SYSI TNLC WAD WADB WADJ WADM WADS WADX WHRL WLL WLLQ \
         WLLS WTLD WTLDI WTRC WTRH",
    ),
    (
        "T",
        "ASPH ATOL BAR BCH BCHS BDLD BLDR BLHL BLOW BNCH BUTE CAPE CFT CLDA CLF CNYN CONE CRDR CRQ CRQS CRTR CUET \
         DLTA DPR DSRT DUNE DVD ERG FAN FORD FSR GAP GRGE HDLD HLL HLLS HMCK HMDA INTF ISL ISLET ISLF ISLM ISLS ISLT \
         ISLX ISTH KRST LAVA LEV MESA MND MRN MT MTS NKM NTK NTKS PAN PANS PASS PEN PENX PK PKS PLAT PLATX PLDR PLN \
         PLNX PROM PT PTS RDGB RDGE REG RK RKFL RKS SAND SBED SCRP SDL SHOR SINK SLID SLP SPIT SPUR TAL TRGD TRR UPLD \
         VAL VALG VALS VALX VLC",
    ),
    ("V", "BUSH CULT FRST FRSTF GRSLD GRVC GRVO GRVP GRVPN HTH MDW OCH SCRB TREE TUND VIN VINS"),
    ("R", "CSWY OILP PRMN PTGE RD RDA RDB RDCUT RDJCT RJCT RR RRQ RTE RYD ST STKR TNL TNLN TNLRD TNLRR TNLS TRL"),
    (
        "U",
        "APNU ARCU ARRU BDLU BKSU BNKU BSNU CDAU CNSU CNYU CRSU DEPU EDGU ESCU FANU FLTU FRZU FURU GAPU GLYU HLLU \
         HLSU HOLU KNLU KNSU LDGU LEVU MESU MNDU MOTU MTU PKSU PKU PLNU PLTU PNLU PRVU RDGU RDSU RFSU RFU RISU SCNU \
         SCSU SDLU SHFU SHLU SHSU SHVU SILU SLPU SMSU SMU SPRU TERU TMSU TMTU TNGU TRGU TRNU VALU VLSU",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_words() {
        for (text, code) in [
            ("P.PPL", "P.PPL"),
            ("ppl", "P.PPL"),
            ("S.CMPRF", "S.CMPRF"),
            ("CMPRF", "S.CMPRF"),
            ("ADM1", "A.ADM1"),
            ("Refugee camp", "S.CMPRF"),
            ("military_base", "L.MILB"),
            ("River", "H.STM"),
            ("pass", "T.PASS"),
        ] {
            assert_eq!(feature(text).map(|f| f.to_string()), Some(code.to_owned()), "{text}");
        }
        assert_eq!([feature("Q.PPL"), feature("P."), feature("thing"), feature("")], [None; 4]);
    }

    #[test]
    fn words_mean_codes_that_exist() {
        for (_, meant) in WORDS {
            let (class, code) = meant.split_once('.').unwrap();
            let codes = CODES.iter().find(|(known, _)| *known == class).unwrap().1;
            assert!(codes.split_whitespace().any(|known| known == code), "{meant}");
        }
    }
}
