//! The page in a real browser: circles, sentences, filters; and nothing that content can do to it.

use crate::browser::Browser;
use crate::support::{mentionmap_in, root};
use geojson::Feature;
use mentionmap::write::{Features, Format, Layer, LayerInfo, Page, Table, layer};
use mentionmap::{Article, Gazetteer, Mapper};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const ARTICLES: &[[&str; 5]] = &[
    [
        "bridges",
        "Raqqa waits for its bridges",
        "2019-03-24",
        "The Euphrates Post",
        "The bridges of Raqqa, in northeastern Syria, are being rebuilt. Families who fled to Al-Hol came back in \
        spring. In Deir ez-Zor the water returned. Syrian engineers said that Aleppo would follow.",
    ],
    [
        "harvest",
        "Harvest in the north",
        "2019-05-02",
        "Field Notes",
        "Wheat grew high around Hasakah. Traders from Mosul, Iraq, came to buy; the market of Raqqa reopened.",
    ],
    [
        "road",
        "The long way to Al-Hol",
        "2020-01-15",
        "The Euphrates Post",
        "From Baghdad the road leads through Ramadi. The Baghdad Police Department opened an office. Al-Hol holds \
        more people than Hasakah.",
    ],
    ["snow", "Snow", "", "Field Notes", "Snow fell in Damascus, Syria."],
];

/// The articles as a page.
fn page(folder: &Path, articles: &[Value], options: &[&str]) -> PathBuf {
    let lines: Vec<String> = articles.iter().map(Value::to_string).collect();
    std::fs::write(folder.join("news.jsonl"), lines.join("\n")).unwrap();
    let mut arguments = vec!["map", "-q", "news.jsonl", "-o", "map.html"];
    arguments.extend(options);
    let run = mentionmap_in(folder, &arguments, "");
    assert_eq!(run.code, 0, "{}", run.err);
    folder.join("map.html")
}

fn samples() -> Vec<Value> {
    let article = |[id, title, date, source, text]: &[&str; 5]| {
        let date = Some(date).filter(|d| !d.is_empty());
        json!({"id": id, "title": title, "date": date, "source": source, "text": text,
            "url": format!("https://example.org/{id}")})
    };
    ARTICLES.iter().map(article).collect()
}

const ALL_ROLES: [&str; 2] = ["--roles", "place,organization,demonym"];

/// Nothing was asked of a network, and the console is silent.
fn assert_quiet(browser: &Browser, page: &Path) {
    let asked: Vec<String> = browser.requests();
    let own = format!("file://{}", page.display());
    assert!(asked.iter().all(|url| *url == own || url.starts_with("data:") || url.starts_with("blob:")), "{asked:?}");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// Numbers in "9 places, 17 mentions in 4 articles".
fn counts(browser: &Browser) -> [usize; 3] {
    let said = browser.text("summary");
    let mut numbers =
        said.split(|c: char| !c.is_ascii_digit() && c != ',').filter_map(|n| n.replace(',', "").parse().ok());
    [(); 3].map(|()| numbers.next().unwrap_or_else(|| panic!("{said}")))
}

/// Waits until the first numbers of the summary are these.
fn wait_for_mentions(browser: &Browser, mentions: usize) {
    let name = if mentions == 1 { "mention" } else { "mentions" };
    browser.wait(&format!("document.getElementById('summary').textContent.includes(', {mentions} {name} in ')"));
}

/// Where on the window a place's circle is: found as a reader finds it, by moving over the map until its name shows.
fn find(browser: &Browser, name: &str) -> Option<[f64; 2]> {
    let found = browser.run(&format!(
        "const canvas = document.getElementById('map'), box = canvas.getBoundingClientRect();
        for (let y = 2; y < box.height; y += 3) for (let x = 2; x < box.width; x += 3) {{
            canvas.dispatchEvent(new PointerEvent('pointermove', {{clientX: box.x + x, clientY: box.y + y, bubbles: true}}));
            const tip = document.getElementById('tip');
            if (!tip.hidden && tip.querySelector('strong').textContent === {name:?}) return [box.x + x + 2, box.y + y + 2];
        }}
        return null;"
    ));
    serde_json::from_value(found).unwrap()
}

#[test]
fn a_click_on_a_circle_shows_the_sentences() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = page(folder.path(), &samples(), &[&ALL_ROLES[..], &["--title", "Along the Euphrates"]].concat());
    browser.open(&path);
    assert_eq!(browser.text("title"), "Along the Euphrates");
    let [places, mentions, articles] = counts(&browser);
    let expected =
        mentionmap_in(folder.path(), &[&["map", "-q", "news.jsonl", "--per", "place"], &ALL_ROLES[..]].concat(), "");
    let expected = crate::support::collection(&expected.out).features;
    assert_eq!((places, articles), (expected.len(), 4), "{}", browser.text("summary"));
    // The town or its camp: what the page calls it is not this test's business.
    let is_al_hol = |f: &&Feature| crate::support::text(f, "names").contains("Al-Hol");
    let al_hol = crate::support::text(expected.iter().find(is_al_hol).unwrap(), "place").to_owned();

    // The circles are drawn: in the color of circles, on a map that is not blank.
    assert_eq!(browser.run("return Number(document.getElementById('map').dataset.circles)"), places);
    let reds = browser.run(
        "const c = document.getElementById('map'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        let reds = 0; for (let i = 0; i < d.length; i += 4) if (d[i] > 150 && d[i] - d[i + 1] > 40) reds++; return reds;",
    );
    assert!(reds.as_u64().unwrap() > 500, "{reds}");

    // Hover, then click: the sentences of this place, its name marked where it stands.
    let [x, y] = find(&browser, &al_hol).expect("a circle for Al-Hol");
    assert!(
        browser.text("tip").contains("2 mentions in 2 articles")
            || browser.text("tip").contains("3 mentions in 2 articles")
    );
    browser.click_at(x, y);
    browser.wait("!document.getElementById('details').hidden");
    assert_eq!(browser.text("details-title"), al_hol);
    let details = browser.text("details-articles");
    assert!(details.contains("Families who fled to Al-Hol came back in spring."), "{details}");
    assert!(details.contains("Al-Hol holds more people than Hasakah."), "{details}");
    assert!(!details.contains("Wheat grew"), "{details}");
    let marks = browser.run("return [...document.querySelectorAll('#details mark')].map(m => m.textContent)");
    assert!(marks.as_array().unwrap().iter().all(|m| m == "Al-Hol"), "{marks}");
    let link = browser.run("return document.querySelector('#details h3 a').href");
    assert!(link.as_str().unwrap().starts_with("https://example.org/"), "{link}");
    // The list shows the same place, when places are listed.
    browser.click("#tab-places");
    let current = browser.run("return document.querySelector('#list [aria-current] b').textContent");
    assert_eq!(current, al_hol.as_str());
    // With the keyboard: Escape closes, Enter on a row of the list opens.
    browser.type_into("#details", "\u{E00C}");
    browser.wait("document.getElementById('details').hidden");
    browser.run("document.querySelector('#list button').focus()");
    browser.type_into("#list button", "\u{E007}");
    browser.wait("!document.getElementById('details').hidden");
    assert_eq!(counts(&browser)[1], mentions);
    assert_quiet(&browser, &path);
}

/// A mention in the page's data: article, date, place (−1 for none), role, confidence.
type Row = (String, Option<String>, i64, u8, f64);

#[test]
fn filters_change_what_is_counted() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = page(folder.path(), &samples(), &ALL_ROLES);
    browser.open(&path);
    let all = counts(&browser);
    // The page's own data says what to expect.
    let rows = browser.run(
        "return JSON.parse(document.getElementById('articles').textContent).flatMap(a => a[5].map(m => [a[0], a[2], m[0], m[1], m[2]]))",
    );
    let rows: Vec<Row> = serde_json::from_value(rows).unwrap();
    let count = |keep: &dyn Fn(&Row) -> bool| rows.iter().filter(|r| r.2 >= 0 && keep(r)).count();
    assert_eq!(count(&|_| true), all[1]);

    // Roles.
    let organizations = count(&|r| r.3 == 1);
    assert!(organizations > 0 && count(&|r| r.3 == 2) > 0);
    browser.click("#role-organization");
    wait_for_mentions(&browser, all[1] - organizations);
    browser.click("#role-organization");
    wait_for_mentions(&browser, all[1]);

    // Confidence, with the keys of the slider.
    for _ in 0..5 {
        browser.type_into("#confidence", "\u{E00E}");
    }
    let least: f64 = browser.run("return Number(document.getElementById('confidence').value)").as_f64().unwrap();
    assert!(least > 0.3, "{least}");
    wait_for_mentions(&browser, count(&|r| r.4 >= least));
    browser.click("#reset");
    wait_for_mentions(&browser, all[1]);

    // Dates: the first day alone; what has no date is left out then.
    browser.type_into("#to", "\u{E011}");
    wait_for_mentions(&browser, count(&|r| r.1.as_deref() == Some("2019-03-24")));
    browser.wait("document.getElementById('dates-value').textContent === '2019-03-24'");
    browser.wait(&format!("Number(document.getElementById('map').dataset.circles) < {}", all[0]));
    // And play: the end comes back to the last day by itself.
    browser.click("#reset");
    wait_for_mentions(&browser, all[1]);
    browser.click("#play");
    browser.wait("document.getElementById('play').getAttribute('aria-pressed') === 'true'");
    browser.wait("document.getElementById('play').getAttribute('aria-pressed') === 'false'");
    wait_for_mentions(&browser, all[1]);

    // Search and article.
    browser.type_into("#search", "baghdad");
    let baghdad = browser
        .run("return JSON.parse(document.getElementById('places').textContent).findIndex(p => p[1] === 'Baghdad')");
    assert!(count(&|r| baghdad == r.2) == 2);
    wait_for_mentions(&browser, 2);
    browser.click("#reset");
    browser.type_into("#article", "harvest");
    wait_for_mentions(&browser, count(&|r| r.0 == "harvest"));
    browser.click("#reset");
    wait_for_mentions(&browser, all[1]);
    // From the list of articles too.
    browser.click("#tab-articles");
    browser.click("#list li:nth-child(4) button");
    wait_for_mentions(&browser, count(&|r| r.0 == "snow"));
    browser.type_into("#search", "nowhere at all");
    browser.wait("document.getElementById('list').innerText.includes('Nothing matches')");
    assert_quiet(&browser, &path);
}

#[test]
fn the_map_moves_with_keys_and_zooms_with_buttons() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = page(folder.path(), &samples(), &[]);
    browser.open(&path);
    let picture = || {
        browser.run("return document.getElementById('map').toDataURL().length + document.getElementById('map').toDataURL().slice(-4000)")
    };
    let first = picture();
    browser.type_into("#map", "\u{E014}");
    browser.run("return new Promise(r => setTimeout(r, 150))");
    let moved = picture();
    assert_ne!(first, moved);
    browser.click("#zoom-in");
    browser.run("return new Promise(r => setTimeout(r, 600))");
    assert_ne!(moved, picture());
    browser.type_into("#map", "0");
    browser.run("return new Promise(r => setTimeout(r, 300))");
    let circles = browser.run("return Number(document.getElementById('map').dataset.circles)");
    assert_eq!(circles, counts(&browser)[0]);
    // Everything that can be used has a name, and tabs lead through all of it.
    let nameless = browser.run(
        "return [...document.querySelectorAll('button, input')].filter(e => e.checkVisibility() &&
            !(e.innerText || e.getAttribute('aria-label') || e.labels?.[0]?.innerText)).map(e => e.outerHTML)",
    );
    assert_eq!(nameless, json!([]));
    assert_quiet(&browser, &path);
}

#[test]
fn content_stays_text() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let hostile = [
        "<script>window.hacked = 1</script>",
        "</script><script>window.hacked = 2</script>",
        "<img src=x onerror='window.hacked = 3'> <!-- <script>",
        "\"quotes\" 'single' `back` ${window.hacked = 4} \\u003cb\\u003e",
        "line\u{2028}separator\u{2029}and \u{202E}reversed\u{202C} مرحبا 🌍👩‍👩‍👧",
        "]]></script></title></style><svg onload=window.hacked=5>",
        "=HYPERLINK(\"http://example.invalid\", \"click\")",
    ];
    let mut articles: Vec<Value> = hostile
        .iter()
        .enumerate()
        .map(|(i, text)| {
            json!({"id": format!("{i} {text}"), "title": text, "source": text, "date": text,
                "url": "javascript:window.hacked=6", "text": format!("{text} Rain fell in Raqqa, Syria. {text}")})
        })
        .collect();
    articles.push(json!({"id": "long", "title": "long ".repeat(20_000), "text": "Rain fell in Raqqa, Syria."}));
    let path = page(folder.path(), &articles, &["--title", "</title><script>window.hacked = 7</script> & \"title\""]);
    browser.open(&path);
    assert_eq!(browser.text("title"), "</title><script>window.hacked = 7</script> & \"title\"");
    // Every view of every text.
    for tab in ["#tab-mentions", "#tab-articles", "#tab-places"] {
        browser.click(tab);
        browser.run(
            "document.querySelectorAll('#list button').forEach(b => b.dispatchEvent(new PointerEvent('pointerenter')))",
        );
    }
    let titles = browser.run(
        "document.getElementById('tab-articles').click();
        return [...document.querySelectorAll('#list b')].map(b => b.textContent)",
    );
    for (shown, text) in titles.as_array().unwrap().iter().zip(hostile) {
        assert_eq!(shown, text);
    }
    browser.click("#tab-places");
    browser.click("#list button");
    browser.wait("!document.getElementById('details').hidden");
    let details = browser.text("details-articles");
    assert!(details.contains(hostile[0]) || details.contains(hostile[1]), "{details}");
    assert_eq!(browser.run("return document.querySelectorAll('#details h3 a, #list img, #list script, #details img, #details script').length"), 0);
    assert_eq!(browser.run("return window.hacked ?? null"), Value::Null);
    assert_quiet(&browser, &path);
}

#[test]
fn the_same_page_whatever_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    let [one, four] = ["1", "4"].map(|jobs| {
        let path = page(folder.path(), &samples(), &["-j", jobs]);
        std::fs::read_to_string(path).unwrap()
    });
    assert!(one == four);
    // All that can run is what the policy names; all else is data.
    assert_eq!(one.matches("<script>").count(), 2);
    assert!(one.contains("default-src 'none'; script-src 'sha256-") && !one.contains("unsafe-"));
}

#[test]
fn the_list_starts_with_what_a_feature_stands_for() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    for (per, tab) in [("article", "articles"), ("place", "places"), ("mention", "mentions")] {
        let path = page(folder.path(), &samples(), &["--per", per]);
        browser.open(&path);
        assert_eq!(
            browser.run("return document.querySelector('[role=tab][aria-selected=true]').id"),
            format!("tab-{tab}")
        );
        assert!(counts(&browser)[0] > 5);
        let weight = browser.run("return document.getElementById('legend').textContent");
        assert_eq!(weight.as_str().unwrap().starts_with("Mentions"), per == "mention", "{weight}");
        assert_quiet(&browser, &path);
    }
}

#[test]
fn odd_places_are_drawn_too() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.html");
    let sets: [&[[f64; 2]]; 6] = [
        &[],
        &[[39.0, 35.95]],
        &[[179.99, -17.0], [-179.99, -16.5], [178.4, -18.1]],
        &[[0.0, 90.0], [120.0, 84.0]],
        &[[0.0, -90.0], [166.7, -77.8]],
        &[[-180.0, 0.0], [180.0, 0.0], [0.0, 90.0], [0.0, -90.0], [12.0, 41.0]],
    ];
    for set in sets {
        write_page(&path, set);
        browser.open(&path);
        let circles = browser.run("return Number(document.getElementById('map').dataset.circles)");
        // Two places on the same spot may be one dot.
        let expected = set.len() as u64;
        assert!(circles.as_u64().is_some_and(|n| n == expected || (expected == 5 && n >= 4)), "{circles} of {set:?}");
        if set.is_empty() {
            assert!(browser.text("list").contains("No place was found."));
        }
        assert_quiet(&browser, &path);
    }
}

/// A page of articles with fifty of these points each.
fn write_page(path: &Path, points: &[[f64; 2]]) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let mut page = layer(Format::Html, &mut file, LayerInfo::default()).unwrap();
    fill(&mut *page, points.iter().copied());
    page.finish().unwrap();
}

fn fill(page: &mut dyn Layer, points: impl Iterator<Item = [f64; 2]>) {
    for (number, [longitude, latitude]) in points.enumerate() {
        let (i, j) = (number / 50, number % 50);
        if j == 0 {
            let article = json!({"type": "Feature", "geometry": null, "properties": {
                "article": format!("a{i}"), "title": format!("Article {i}"), "source": "Test", "url": null,
                "date": format!("20{:02}-{:02}-{:02}", 10 + i % 15, 1 + i % 12, 1 + i % 28)}});
            page.write_more(Table::Articles, &serde_json::from_value::<Feature>(article).unwrap()).unwrap();
        }
        let name = format!("Place {i}-{j}");
        let mention = json!({"type": "Feature",
            "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
            "properties": {"article": format!("a{i}"), "field": "text", "start": 100 * j + 8,
                "end": 100 * j + 8 + name.len(), "sentence": format!("Rain in {name} fell."),
                "sentence_start": 100 * j, "role": "place", "place_id": format!("custom:{i}-{j}"), "place": name,
                "country": "SY", "admin1": null, "feature": "P.PPL", "confidence": 0.9}});
        page.write_more(Table::Mentions, &serde_json::from_value::<Feature>(mention).unwrap()).unwrap();
    }
}

/// A spiral over the globe: no two at one spot.
fn spiral(count: u32) -> impl Iterator<Item = [f64; 2]> {
    (0..count).map(move |i| {
        let (i, count) = (f64::from(i), f64::from(count));
        [((i * 137.508) % 360.0 - 180.0).round_to(5), (1.0 - 2.0 * i / count).asin().to_degrees().round_to(5)]
    })
}

/// A page with more than browsers can show has what weighs most, with weights as they were, and says so.
#[test]
fn too_much_for_a_page_is_cut_to_the_heaviest() {
    let folder = tempfile::tempdir().unwrap();
    let mut articles = samples();
    // One that mentions thirty places once each: they weigh little.
    let many = "Berlin, Hamburg, Munich, Cologne, Frankfurt, Stuttgart, Dortmund, Leipzig, Bremen, Dresden, Hanover and \
        Nuremberg are cities in Germany.";
    articles.push(json!({"id": "many", "title": "Many", "text": many}));
    let world = Gazetteer::world().unwrap();
    let features = Features::new(world.clone(), true).with_sentence_starts();
    let mut mapper = Mapper::new(world);
    let maps: Vec<_> = articles
        .iter()
        .map(|a| {
            let text = |key: &str| a[key].as_str().unwrap_or_default().to_owned();
            mapper.map(Article { title: Some(text("title")), ..Article::new(text("id"), text("text")) })
        })
        .collect();
    let path = folder.path().join("map.html");
    let written = |most: u64| {
        let mut bytes = Vec::new();
        let mut page = Page::new(&mut bytes, LayerInfo::default()).unwrap().with_most(most);
        for map in &maps {
            page.write_more(Table::Articles, &features.of_whole_article(map)).unwrap();
            for feature in features.of_mentions(map) {
                page.write_more(Table::Mentions, &feature).unwrap();
            }
        }
        page.finish().unwrap();
        let left_out = page.left_out();
        drop(page);
        std::fs::write(&path, bytes).unwrap();
        left_out
    };
    let all: usize = maps.iter().map(|map| map.mentions.len()).sum();
    assert_eq!(written(all as u64), None);
    let left_out = written(12).unwrap();
    assert!(left_out.contains(&format!("12 of {all} mentions in 4 of 5 articles")), "{left_out}");
    let Some(browser) = Browser::start() else { return };
    browser.open(&path);
    let [places, mentions, articles] = counts(&browser);
    assert_eq!((mentions, articles), (12, 4));
    assert!(browser.text("partial").contains(&format!("12 of {all} mentions")), "{}", browser.text("partial"));
    assert!(!browser.text("list").contains("Many"));
    // A weight is a share of the whole article, whatever of it is here.
    browser.click("#tab-places");
    browser.click("#list li:nth-child(1) button");
    browser.wait("!document.getElementById('details').hidden");
    let shown = browser.text("details-title");
    let expected: f64 =
        maps.iter().flat_map(|m| &m.places).filter(|p| features_name(p.place) == shown).map(|p| p.weight).sum();
    let weight = browser.run("return document.querySelector('#details-figures dd').textContent");
    let weight: f64 = weight.as_str().unwrap().parse().unwrap();
    assert!(weight > 0.1 && weight <= expected + 0.01, "{shown}: {weight} of {expected}");
    assert!(places > 2);
    assert_quiet(&browser, &path);
    written(all as u64);
    browser.open(&path);
    assert_eq!(browser.run("return document.getElementById('partial').hidden"), true);
}

fn features_name(place: u32) -> String {
    Gazetteer::world().unwrap().place(place).unwrap().name().to_owned()
}

#[test]
fn fifty_thousand_places_stay_smooth() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.html");
    let points: Vec<[f64; 2]> = spiral(50_000).collect();
    write_page(&path, &points);
    browser.open(&path);
    assert_eq!(counts(&browser)[..2], [50_000, 50_000]);
    let time = |script: &str| {
        browser
            .run(&format!(
                "return new Promise(done => {{ const start = performance.now(); {script};
            requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start))); }})"
            ))
            .as_f64()
            .unwrap()
    };
    // A gesture with the wheel, forty steps; then a filter.
    let gesture = browser.run(
        "const canvas = document.getElementById('map'), box = canvas.getBoundingClientRect();
        return new Promise(done => {
            const frames = []; let last = performance.now(), n = 0;
            const step = () => {
                const now = performance.now(); frames.push(now - last); last = now;
                canvas.dispatchEvent(new WheelEvent('wheel', {deltaY: n < 20 ? -40 : 40, clientX: box.x + 400, clientY: box.y + 300, bubbles: true, cancelable: true}));
                if (++n < 40) requestAnimationFrame(step); else done(frames.slice(1));
            };
            requestAnimationFrame(step);
        })",
    );
    let mut frames: Vec<f64> = serde_json::from_value(gesture).unwrap();
    frames.sort_by(f64::total_cmp);
    let median = frames[frames.len() / 2];
    let filter =
        time("const c = document.getElementById('confidence'); c.value = 0.5; c.dispatchEvent(new Event('input'))");
    eprintln!(
        "50,000 places: a frame of a gesture {median:.0} ms (longest {:.0}), a filter {filter:.0} ms",
        frames[frames.len() - 1]
    );
    assert!(median < 60.0, "a frame takes {median} ms");
    assert!(filter < 1500.0, "a filter takes {filter} ms");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

trait RoundTo {
    fn round_to(self, decimals: i32) -> Self;
}

impl RoundTo for f64 {
    fn round_to(self, decimals: i32) -> Self {
        let scale = 10f64.powi(decimals);
        (self * scale).round() / scale
    }
}

/// `UPDATE_PICTURES=1` draws the documentation's pictures anew.
#[test]
fn pictures_of_the_documentation() {
    if std::env::var_os("UPDATE_PICTURES").is_none_or(|v| v != "1") {
        return;
    }
    let browser = Browser::start().expect("a browser to draw with");
    let folder = tempfile::tempdir().unwrap();
    let mapped = |file: &str, title: &str, articles: &[&str]| {
        let mut arguments =
            vec!["map".into(), "-q".into(), "--title".into(), title.into(), "--per".into(), "place".into()];
        arguments.extend(["-o".into(), file.into()]);
        arguments.extend(articles.iter().map(|a| root().join("examples/articles").join(a).display().to_string()));
        assert_eq!(mentionmap_in(folder.path(), &arguments, "").code, 0);
        folder.path().join(file)
    };
    let near = ["01-raqqa-after-the-caliphate.txt", "02-al-hol-the-camp-that-stayed.md", "03-anbar-border-desert.txt"];
    let still = mapped("still.svg", "Three stories from Syria and Iraq", &near);
    std::fs::copy(still, root().join("docs/images/still.svg")).unwrap();
    let local = mapped("local.html", "Three stories from Syria and Iraq", &near);
    let path = mapped("world.html", "Sixteen stories", &["."]);
    for (file, page, width, height, scheme, click) in [
        ("page-light", &local, 1280, 800, "light", "Ar Raqqah"),
        ("page-dark", &path, 1280, 800, "dark", ""),
        ("page-phone", &local, 390, 844, "light", ""),
    ] {
        browser.command(
            "Emulation.setEmulatedMedia",
            &json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]}),
        );
        browser.command(
            "Emulation.setDeviceMetricsOverride",
            &json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}),
        );
        browser.open(page);
        browser.run(&format!(
            "[...document.querySelectorAll('#list button')].find(b => b.querySelector('b').textContent === {click:?})?.click()"
        ));
        browser.run("return new Promise(r => setTimeout(r, 500))");
        let picture = browser.command("Page.captureScreenshot", &json!({"format": "webp", "quality": 88}));
        save(&format!("docs/images/{file}.webp"), picture["data"].as_str().unwrap());
    }
    browser.command("Emulation.clearDeviceMetricsOverride", &json!({}));
    browser.command("Emulation.setEmulatedMedia", &json!({"features": []}));
    browser.open(&path);
    let print = browser.command("Page.printToPDF", &json!({"printBackground": false, "landscape": false}));
    save("target/page-print.pdf", print["data"].as_str().unwrap());
}

fn save(path: &str, base64: &str) {
    use base64::Engine;
    let bytes = base64::engine::general_purpose::STANDARD.decode(base64).unwrap();
    std::fs::write(root().join(path), bytes).unwrap();
}
