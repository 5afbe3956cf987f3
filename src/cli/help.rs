//! Help texts that do not belong to one option.
//!
//! Must not know: which options there are; the tests run the examples.

/// What the program is, for the long help.
pub(super) const ABOUT: &str = "\
See, filter and copy the SIP traffic in FreeSWITCH mod_sofia dumps.

If the standard output is a terminal and no output mode is given, sofiatui shows the browser: messages, calls, call \
ladders. Otherwise it prints, by default one line per message.";

/// Shown after the short help.
pub(super) const AFTER: &str = "\
Examples:
  sofiatui internal.dump                          browse
  sofiatui internal.dump -m INVITE | less         one line per message
  sofiatui --full -c 3eae0032 internal.dump       the messages of a call
  sofiatui --stats *.dump                         counts

`--help` explains every option, the filter language and the exit statuses.";

/// Shown after the long help: each section begins with a line that ends in a colon.
pub(super) const AFTER_LONG: &str = "\
Examples:
  sofiatui --demo
      browse the built-in sample
  sofiatui internal.dump external.dump.1.xz
      browse two files, merged by time
  sofiatui -m INVITE -m BYE internal.dump | less
      starts and ends of calls, one line per message
  sofiatui -D -H 'From=1012' internal.dump --full
      all messages of the calls from 1012
  sofiatui -f 'status>=400 -method:register' internal.dump --ladder
      the ladders of failed calls, without registrations
  sofiatui --stats --json --all-methods internal.dump
      all counts, for a script
  sofiatui --stats --calls internal.dump external.dump
      how many calls were answered, and why others failed
  sofiatui -c 3eae0032 --pcap call.pcap --local 203.0.113.5 internal.dump
      a call for Wireshark
  xzcat internal.dump.*.xz | sofiatui -g 'a=sendonly' -
      who was put on hold

Filter language:
  The language of -f and of the browser. Adjacent terms must all match; `or`, `not` or `-`, and parentheses combine them.
  word  \"some words\"       anywhere in the message; a lower-case word ignores case
  /regex/  /regex/i         anywhere in the message
  field:value               contains the value; method, code, number: equals it; 4xx is a status class
  field=value  field!=value  field~regex  field>value  field>=value  field<value  field<=value
  from: to: from~           the user, the display name, the host and the whole URI; from= to= the user or the URI;
                            %2B1555 is +1555
  is:word                   request response retransmission incomplete malformed keepalive multipart unanswered error;
                            marked (in the browser);
                            of its call: answered failed held transferred emergency
  Fields: method status reason dir transport addr call-id from to cseq branch ua contact uri header.NAME body type sdp
  json.KEY size frames time n profile file
  Fields of the message's call: kind state side pdd setup talk messages leg legs pair hangup cause finding verdict user
  incident emergency, for example: state:busy  kind:register  talk>60  hangup:caller  finding:no-ack

Many hosts, one query:
  Each host writes its messages and calls as columns into one bucket; --parquet needs the cargo feature `parquet`.
  sofiatui --parquet bucket --node fs1 /var/log/freeswitch/sip_traces
  DuckDB and ClickHouse read them: failed calls by cause and carrier, for example, or one call with all of its legs.
  SELECT peer_ip, state, status, count(DISTINCT cid) FROM read_parquet('bucket/calls/**/*.parquet') WHERE role = 'B'
  GROUP BY ALL
  COPY (SELECT * FROM read_parquet('bucket/messages/**/*.parquet') WHERE cid = '3eae0032' ORDER BY timestamp)
  TO 'call.parquet'
  sofiatui --ladder --legs call.parquet
  HOMER gets the messages over HEP3, with the same cid as correlation id.
  sofiatui --follow --hep udp:homer.example:9060 --hep-node fs1 --hep-resume sent internal.dump external.dump

Exit status:
  0  success
  1  nothing matched
  2  the command line is wrong, or an input cannot be read; the readable inputs are still printed
  If the output pipe is closed, the program ends with 0 and no message.";

/// The sections after the long help: heading and text.
pub(super) fn sections() -> impl Iterator<Item = (&'static str, &'static str)> {
    AFTER_LONG.split("\n\n").filter_map(|section| section.split_once(":\n"))
}
