//! Tests.
use super::*;
use crate::message::MessageReader;

#[derive(Debug, Clone, PartialEq, Eq)]
struct M { id: String, content: Vec<u8>, complete: String, stamp: Timestamp }

fn messages(dump: &[u8]) -> (Vec<M>, String) {
    let mut r = MessageReader::new(dump);
    let mut out = Vec::new();
    while let Some(m) = r.next_message().unwrap() {
        out.push(M { id: format!("{} {} {}", m.direction, m.transport, m.address), content: m.content.to_vec(), complete: format!("{:?}", m.completeness), stamp: m.timestamp });
    }
    (out, format!("{:?}", r.parse_stats()))
}

#[test]
fn explore() {
    let Ok(list) = std::env::var("ST") else { return };
    for pair in list.split(';') {
        let (log, dumps) = pair.split_once('=').unwrap();
        let log = std::fs::read(log).unwrap();
        assert!(is_log(&log[..log.len().min(65536)]), "{pair}");
        let mut text = Vec::new();
        let t = std::time::Instant::now();
        Siptrace::new(&log[..]).read_to_end(&mut text).unwrap();
        println!("{pair}: {} MB in {:?}", log.len() as f64 / 1e6, t.elapsed());
        assert!(!is_log(&text[..text.len().min(65536)]));
        let (a, astats) = messages(&text);
        let mut b = Vec::new();
        for d in dumps.split(',') {
            let d = std::fs::read(d).unwrap();
            assert!(!is_log(&d[..d.len().min(65536)]));
            b.extend(messages(&d).0);
        }
        println!("  log {} dump {}  {}", a.len(), b.len(), &astats[..astats.len().min(300)]);
        use std::collections::BTreeMap;
        let mut sa: BTreeMap<String, Vec<M>> = BTreeMap::new();
        let mut sb: BTreeMap<String, Vec<M>> = BTreeMap::new();
        for m in a { sa.entry(m.id.clone()).or_default().push(m); }
        for m in b { sb.entry(m.id.clone()).or_default().push(m); }
        let mut shown = 0;
        let mut n = [0; 4];
        for (id, ms) in &sa {
            let empty = Vec::new();
            let ds = sb.get(id).unwrap_or(&empty);
            let mut at = 0;
            for m in ms {
                if let Some(k) = ds[at..].iter().position(|d| d.content == m.content) {
                    n[0] += 1; n[1] += k; at += k + 1;
                } else if let Some(k) = ds[at..].iter().position(|d| d.content.starts_with(&m.content[..m.content.len().min(400)])) {
                    n[2] += 1; at += k + 1;
                    let d = &ds[at - 1];
                    if shown < 8 && !m.complete.contains("Short") { shown += 1;
                      let x = d.content.iter().zip(&m.content).position(|(a, b)| a != b).unwrap_or(d.content.len().min(m.content.len()));
                      println!("  PREFIX {id} {} len {} vs {} differ at {x}: {:?} vs {:?}", m.complete, m.content.len(), d.content.len(),
                        String::from_utf8_lossy(&m.content[x.saturating_sub(60).min(m.content.len())..(x+30).min(m.content.len())]),
                        String::from_utf8_lossy(&d.content[x.saturating_sub(60).min(d.content.len())..(x+30).min(d.content.len())]));
                    } else if m.complete.contains("Short") { n[3] += 1; }
                } else {
                    println!("  NOT IN DUMP {id} {} {} {:?}", m.complete, m.stamp, String::from_utf8_lossy(&m.content[..m.content.len().min(200)]));
                }
            }
        }
        let left: usize = sb.values().map(Vec::len).sum::<usize>() - n[0] - n[2];
        println!("  equal {} skipped between {} prefix {} of them short {}; dump's others {left}", n[0], n[1], n[2], n[3]);
    }
}
