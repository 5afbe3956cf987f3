//! The texts of the help that belong to no single option.
//!
//! Must not know: which options there are; the tests run the examples.

/// What the program is, for the long help.
pub(super) const ABOUT: &str = "\
See, filter and copy the SIP traffic in FreeSWITCH mod_sofia dumps.

With a terminal on the standard output and no way of printing asked for, sofiatui browses: messages, calls, call ladders. \
Otherwise it prints: one line a message unless told otherwise.";

/// Below the short help.
pub(super) const AFTER: &str = "\
Examples:
  sofiatui internal.dump                          browse
  sofiatui internal.dump -m INVITE | less         one line a message
  sofiatui --full -c 3eae0032 internal.dump       the messages of a call
  sofiatui --stats *.dump                         counts

`--help` says more, with the filter language and the exit statuses.";

/// Below the long help: each section begins with a line that ends in a colon.
pub(super) const AFTER_LONG: &str = "\
Examples:
  sofiatui --demo
      browse the built-in sample
  sofiatui internal.dump external.dump.1.xz
      browse two files, merged by time
  sofiatui -m INVITE -m BYE internal.dump | less
      calls that begin and end, one line a message
  sofiatui -D -H 'From=1583' internal.dump --full
      everything of the calls from 1583
  sofiatui -f 'status>=400 -method:register' internal.dump --ladder
      the ladders of what failed, but for registrations
  sofiatui --stats --json --all-methods internal.dump
      every figure, for a script
  sofiatui -c 3eae0032 --pcap call.pcap --local 203.0.113.5 internal.dump
      a call for Wireshark
  xzcat internal.dump.*.xz | sofiatui -g 'a=sendonly' -
      who was put on hold

Filter language:
  The language of -f and of the browser. Terms side by side must all hold; `or`, `not` or `-`, parentheses.
  word  \"some words\"       anywhere in the message; all lower case means any case
  /regex/  /regex/i         anywhere in the message
  field:value               contains; methods, codes and the like equal; 4xx is a status class
  field=value  field!=value  field~regex  field>value  field>=value  field<value  field<=value
  is:word                   request response retransmission incomplete malformed keepalive multipart unanswered failed
  Fields: method status reason dir transport addr call-id from to cseq branch ua contact uri header.NAME body type sdp
  json.KEY size frames time n profile file

Exit status:
  0  something was printed, or there was nothing to complain of
  1  nothing matched
  2  the command line is wrong, or an input cannot be read; what can be read is printed all the same
  A closed pipe ends quietly with 0.";

/// The sections below the long help: heading and text.
pub(super) fn sections() -> impl Iterator<Item = (&'static str, &'static str)> {
    AFTER_LONG.split("\n\n").filter_map(|section| section.split_once(":\n"))
}
