//! What a division's cities tell of it.

/// The member cities of a division: where it is and how many live there, when nothing better is known.
#[derive(Clone, Debug, Default)]
pub struct Members {
    latitude: f64,
    longitude: f64,
    count: f64,
    population: u32,
    /// South, west, north, east.
    extent: Option<[f64; 4]>,
}

impl Members {
    /// Adds a city, by degrees WGS 84 and inhabitants.
    pub fn add(&mut self, latitude: f64, longitude: f64, population: u32) {
        self.latitude += latitude;
        self.longitude += longitude;
        self.count += 1.0;
        self.population = self.population.saturating_add(population);
        let [s, w, n, e] = self.extent.unwrap_or([90.0, 180.0, -90.0, -180.0]);
        self.extent = Some([s.min(latitude), w.min(longitude), n.max(latitude), e.max(longitude)]);
    }

    /// The mean of the cities' points: degrees north and east.
    pub fn point(&self) -> (f64, f64) {
        (self.latitude / self.count, self.longitude / self.count)
    }

    /// Half the diagonal of the members' envelope, from 5 to 1,500 km.
    pub fn radius_km(&self) -> f32 {
        let [s, w, n, e] = self.extent.unwrap_or_default();
        let middle = f64::midpoint(s, n).to_radians().cos();
        ((n - s).hypot((e - w) * middle) * 111.2 / 2.0).clamp(5.0, 1500.0) as f32
    }

    /// The inhabitants of all cities together.
    pub fn population(&self) -> u32 {
        self.population
    }
}
