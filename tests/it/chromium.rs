//! Drives a real browser without a window: pages, clicks and keys by the `DevTools` protocol over two pipes.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A browser with one page.
pub(crate) struct Chromium {
    child: Child,
    to: File,
    from: BufReader<File>,
    session: Option<String>,
    number: u64,
    /// What went wrong on the page: exceptions, messages of the console, requests that are none for a file.
    pub(crate) problems: Vec<String>,
    _folder: tempfile::TempDir,
}

impl Chromium {
    /// Starts it; an error where it is not installed.
    pub(crate) fn start() -> std::io::Result<Self> {
        Command::new("chromium").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        let folder = tempfile::tempdir()?;
        let [to, from] = ["to", "from"].map(|name| folder.path().join(name));
        assert!(Command::new("mkfifo").args([&to, &from]).status()?.success());
        // A browser that hangs ends, and with it the test. Its own messages are of no interest.
        let command = "exec timeout 120 chromium --headless --no-sandbox --disable-gpu --no-first-run \
            --remote-debugging-pipe --user-data-dir=profile about:blank 3<to 4>from";
        let child = Command::new("sh")
            .args(["-c", command])
            .current_dir(folder.path())
            .env("HOME", folder.path())
            .stdout(Stdio::null())
            .stderr(File::create(folder.path().join("stderr"))?)
            .spawn()?;
        // In the order of the redirections: each end waits for the other one.
        let to = OpenOptions::new().write(true).open(to)?;
        let from = BufReader::new(File::open(from)?);
        let (session, problems) = (None, Vec::new());
        let mut chromium = Self { child, to, from, session, number: 0, problems, _folder: folder };
        chromium.open_page();
        Ok(chromium)
    }

    fn open_page(&mut self) {
        let page = self.call("Target.createTarget", &json!({"url": "about:blank"}));
        let attach = json!({"targetId": page["targetId"], "flatten": true});
        let session = self.call("Target.attachToTarget", &attach);
        self.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(&format!("{domain}.enable"), &json!({}));
        }
        self.size(1280, 900);
    }

    /// Sets the size of the window.
    pub(crate) fn size(&mut self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Sends a command, and returns its result.
    pub(crate) fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.number += 1;
        let mut message = json!({"id": self.number, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let answer = self.read();
            if answer["id"] == json!(self.number) {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.take_event(&answer);
        }
    }

    fn read(&mut self) -> Value {
        let mut bytes = Vec::new();
        self.from.read_until(0, &mut bytes).unwrap();
        assert_eq!(bytes.pop(), Some(0), "the browser ended");
        serde_json::from_slice(&bytes).unwrap()
    }

    /// Keeps what no page of ours may do.
    fn take_event(&mut self, event: &Value) {
        let parameters = &event["params"];
        match event["method"].as_str().unwrap_or_default() {
            "Runtime.exceptionThrown" | "Runtime.consoleAPICalled" | "Log.entryAdded" => {
                self.problems.push(parameters.to_string());
            }
            "Page.javascriptDialogOpening" => panic!("a script of the trace ran: {parameters}"),
            "Network.requestWillBeSent" => {
                let url = parameters["request"]["url"].as_str().unwrap_or_default();
                if !url.starts_with("file:///") && !url.starts_with("data:,") {
                    self.problems.push(format!("request of {url}"));
                }
            }
            _ => {}
        }
    }

    /// Opens a file, and waits until it is there.
    pub(crate) fn open(&mut self, path: &Path) {
        self.call("Page.navigate", &json!({"url": format!("file://{}", path.display())}));
        while self.read_event("Page.loadEventFired").is_none() {}
    }

    fn read_event(&mut self, wanted: &str) -> Option<Value> {
        let event = self.read();
        self.take_event(&event);
        (event["method"] == wanted).then_some(event)
    }

    /// The value of an expression of JavaScript on the page.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let parameters = json!({"expression": expression, "returnByValue": true});
        let result = self.call("Runtime.evaluate", &parameters);
        assert!(result["exceptionDetails"].is_null(), "{expression}: {result}");
        result["result"]["value"].clone()
    }

    /// Clicks on the middle of the first element of this selector, after it was scrolled to.
    pub(crate) fn click(&mut self, selector: &str) {
        let middle = format!(
            "(() => {{ const element = document.querySelector({selector:?}); element.scrollIntoView({{block: 'center'}}); \
             const box = element.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
        );
        let middle = self.value(&middle);
        for kind in ["mousePressed", "mouseReleased"] {
            let event =
                json!({"type": kind, "x": middle[0], "y": middle[1], "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", &event);
        }
        self.settle();
    }

    /// Presses a key: the name of the key, and the text that it types.
    pub(crate) fn press(&mut self, key: &str, text: &str) {
        let code = match key {
            "Enter" => 13,
            "Escape" => 27,
            _ => 0,
        };
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({"type": kind, "key": key, "windowsVirtualKeyCode": code});
            if kind == "keyDown" && !text.is_empty() {
                event["text"] = json!(text);
            }
            self.call("Input.dispatchKeyEvent", &event);
        }
        self.settle();
    }

    /// Waits until the page has drawn what the last event changed.
    fn settle(&mut self) {
        // Not by a timer of the page: its scripts may be switched off.
        for _ in 0..2 {
            let clip = json!({"x": 0, "y": 0, "width": 1, "height": 1, "scale": 1});
            self.call("Page.captureScreenshot", &json!({"clip": clip}));
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.to.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        let _ = self.child.wait();
    }
}
