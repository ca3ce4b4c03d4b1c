//! A browser for tests: Chromium without a window, driven over `WebDriver`.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running browser with one page open.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
    // The profile, removed with it.
    profile: tempfile::TempDir,
}

/// How often a driver is started anew that went away before it listened: another may have taken its port.
const STARTS: usize = 5;

/// A driver and the port that it listens on.
fn driver() -> Option<(Child, u16)> {
    for _ in 0..STARTS {
        let started = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut driver = match started {
            Ok(driver) => driver,
            Err(error) => {
                let is_required = std::env::var_os("CI_REQUIRE_TOOLS").is_some_and(|v| v == "1");
                assert!(!is_required, "chromedriver is required here: {error}");
                eprintln!("skipped: no chromedriver");
                return None;
            }
        };
        let mut said = BufReader::new(driver.stdout.take().unwrap());
        let mut line = String::new();
        while said.read_line(&mut line).unwrap() > 0 {
            let rest = line.split_once("successfully on port ").map(|(_, rest)| rest);
            if let Some(port) = rest.and_then(|rest| rest.trim().trim_end_matches('.').parse().ok()) {
                // It goes on talking: someone has to listen.
                std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
                return Some((driver, port));
            }
            line.clear();
        }
        driver.wait().unwrap();
    }
    panic!("chromedriver ended {STARTS} times before it listened");
}

impl Browser {
    /// Starts one; says aloud that the test is skipped where there is none. `CI_REQUIRE_TOOLS=1` forbids skipping.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// Starts one with further flags.
    pub(crate) fn start_with(flags: &[&str]) -> Option<Self> {
        let (driver, port) = driver()?;
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Self { driver, port, session: String::new(), profile };
        let data = format!("--user-data-dir={}", browser.profile.path().display());
        let mut arguments = vec![
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--window-size=1280,800",
            &data,
        ];
        arguments.extend(flags);
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }}});
        let session = browser.call("POST", "/session", &wanted);
        browser.session.push_str(session["sessionId"].as_str().unwrap_or_else(|| panic!("no session: {session}")));
        // What its own first page asked for is not of interest.
        browser.post("/url", &json!({"url": "about:blank"}));
        browser.requests();
        Some(browser)
    }

    /// One call; gives its `value`, an error too.
    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if method == "POST" { body.to_string() } else { String::new() };
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(2))).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
            Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap();
            }
        }
        let mut answer = vec![0; length];
        reader.read_exact(&mut answer).unwrap();
        serde_json::from_slice::<Value>(&answer).unwrap()["value"].take()
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let value = self.call("POST", &format!("/session/{}{path}", self.session), body);
        assert!(value.get("error").is_none(), "{path} {body}: {value}");
        value
    }

    /// Opens an address.
    pub(crate) fn go(&self, address: &str) {
        self.post("/url", &json!({"url": address}));
    }

    /// Opens a file from disk, and waits until its script has drawn the map.
    pub(crate) fn open(&self, page: &Path) {
        self.go(&format!("file://{}", page.display()));
        self.wait("document.getElementById('stage').dataset.base === 'ready'");
        self.wait("document.getElementById('map').dataset.circles !== undefined");
    }

    /// Runs a script; gives what it returns.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({"script": script, "args": []}))
    }

    /// Waits until a condition holds, for at most half a minute.
    pub(crate) fn wait(&self, condition: &str) {
        let started = Instant::now();
        while self.run(&format!("return Boolean({condition})")) != true {
            assert!(
                started.elapsed() < Duration::from_secs(30),
                "waited in vain for {condition}\n{:?}",
                self.complaints()
            );
            std::thread::sleep(Duration::from_millis(25));
        }
    }

    /// The text of an element, as it is shown.
    pub(crate) fn text(&self, id: &str) -> String {
        self.run(&format!("return document.getElementById('{id}').innerText")).as_str().unwrap().to_owned()
    }

    fn element(&self, selector: &str) -> String {
        let found = self.post("/element", &json!({"using": "css selector", "value": selector}));
        found.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned()
    }

    /// Clicks an element as a mouse does.
    pub(crate) fn click(&self, selector: &str) {
        self.post(&format!("/element/{}/click", self.element(selector)), &json!({}));
    }

    /// Types into an element.
    pub(crate) fn type_into(&self, selector: &str, text: &str) {
        self.post(&format!("/element/{}/value", self.element(selector)), &json!({"text": text}));
    }

    /// Moves the mouse to a point of the window, and clicks.
    pub(crate) fn click_at(&self, x: f64, y: f64) {
        let actions = json!([
            {"type": "pointerMove", "duration": 0, "x": x.round(), "y": y.round()},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]);
        let mouse = json!({"actions": [{"type": "pointer", "id": "mouse", "actions": actions}]});
        self.post("/actions", &mouse);
    }

    /// What the console says of warnings and errors, violations of the page's policy among them.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let log = self.post("/se/log", &json!({"type": "browser"}));
        let is_complaint = |entry: &&Value| entry["level"] == "SEVERE" || entry["level"] == "WARNING";
        log.as_array().unwrap().iter().filter(is_complaint).map(|entry| entry["message"].to_string()).collect()
    }

    /// The addresses that were asked for since the last call.
    pub(crate) fn requests(&self) -> Vec<String> {
        let log = self.post("/se/log", &json!({"type": "performance"}));
        let messages = log.as_array().unwrap().iter().filter_map(|entry| {
            let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let event = &message["message"];
            let is_request =
                event["method"] == "Network.requestWillBeSent" || event["method"] == "Network.webSocketCreated";
            let address = event["params"]["request"]["url"].as_str().or(event["params"]["url"].as_str());
            address.filter(|_| is_request).map(str::to_owned)
        });
        messages.collect()
    }

    /// A command of the browser's own protocol.
    pub(crate) fn command(&self, name: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({"cmd": name, "params": parameters}))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() && !std::thread::panicking() {
            self.call("DELETE", &format!("/session/{}", self.session), &Value::Null);
        }
        _ = self.driver.kill();
        _ = self.driver.wait();
    }
}
