"""Draws docs/images/web.png: the sample articles as PMTiles, in MapLibre, in headless Chromium.

Needs MapLibre and pmtiles in target/web, chromium, Pillow, and a mentionmap with the feature `full`. From the root of
the repository:

    .ci/web-libraries
    cargo build --features full
    python3 docs/images/web.py target/debug/mentionmap

It fails when MapLibre reports an error or draws no circles.
"""

import http.server
import os
import re
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
PAGE = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="maplibre-gl/dist/maplibre-gl.css">
<body style="margin: 0"><div id="map" style="height: 100vh"></div><img src="/wait" hidden>
<script src="pmtiles/dist/pmtiles.js"></script>
<script type="module">
  import * as maplibregl from "./maplibre-gl/dist/maplibre-gl.mjs";
  maplibregl.addProtocol("pmtiles", new pmtiles.Protocol().tile);
  const map = new maplibregl.Map({container: "map", style: "news.style.json", center: [27, 36], zoom: 3.3});
  const tell = (text) => fetch("/tell?" + encodeURIComponent(text));
  map.on("error", (event) => tell("error: " + event.error.message));
  map.once("idle", () => tell("circles: " + map.queryRenderedFeatures({layers: ["places"]}).length));
</script>"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files, or parts of them: tiles are read with range requests. The picture is taken when all is loaded, and
    `/wait` is when the map has been drawn."""

    told = []
    drawn = threading.Event()

    def do_GET(self):
        if self.path == "/wait" or self.path.startswith("/tell?"):
            if self.path == "/wait":
                self.drawn.wait(60)
            else:
                self.told.append(urllib.parse.unquote(self.path[6:]))
                self.drawn.set()
            self.send_response(204)
            self.end_headers()
            return
        part, path = self.headers.get("Range"), Path(self.translate_path(self.path))
        if not part or not path.is_file():
            super().do_GET()
            return
        first, last = re.match(r"bytes=(\d+)-(\d+)", part).groups()
        content = path.read_bytes()
        some = content[int(first) : int(last) + 1]
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{int(first) + len(some) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(some)))
        self.end_headers()
        self.wfile.write(some)

    def log_message(self, *_):
        pass


def main():
    program = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "index.html").write_text(PAGE)
        for name in ["maplibre-gl", "pmtiles"]:
            (Path(folder) / name).symlink_to(ROOT / "target" / "web" / name)
        command = [program, "map", "-q", "examples/articles", "--per", "place", "-o", f"{folder}/news.pmtiles"]
        subprocess.run(command, cwd=ROOT, check=True)
        os.chdir(folder)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        flags = ["--headless=new", "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader"]
        flags += ["--enable-unsafe-swiftshader", "--window-size=1000,600", "--screenshot=web.png"]
        address = f"http://127.0.0.1:{server.server_port}/index.html"
        subprocess.run(["chromium", *flags, address], check=True, stderr=subprocess.DEVNULL, timeout=180)
        server.shutdown()
        print(*Handler.told, sep="\n")
        circles = [int(text.split(": ")[1]) for text in Handler.told if text.startswith("circles: ")]
        if len(Handler.told) != 1 or circles[0] < 50:
            sys.exit("the map was not drawn")
        picture = Image.open("web.png").convert("RGB").quantize(256, Image.MEDIANCUT, dither=Image.NONE)
        picture.save(ROOT / "docs" / "images" / "web.png", optimize=True)
        os.chdir(ROOT)


main()
