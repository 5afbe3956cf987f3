//! The kinds of calls, each with the pairs that are to be found.
//!
//! Must not know: how a trace is read, how legs are scored.

use super::Case;

pub(super) const CASES: &[Case] = &[
    Case {
        name: "a call through two FreeSWITCHes whose dumps are both loaded",
        trace: "
            0     a1   > INVITE 1001 5550100
            2     a1   < 100
            5     b1   < INVITE 1001 5550100
            6     B1/h > INVITE 1001 5550100
            8     B1/h < 100
            11    C1   < INVITE 1001 2002
            40    C1   > 180
            51    B1/h < 180
            52    b1   > 180
            63    a1   < 180
            2000  C1   > 200
            2012  B1/h < 200
            2013  b1   > 200
            2025  a1   < 200
            9000  a1   > BYE
            9021  b1   < BYE
            9022  B1/h > BYE
            9043  C1   < BYE",
        joined: "B1/h-C1 B1/h-b1 a1-b1",
        offered: "",
    },
    Case {
        name: "FreeSWITCH calls itself over another profile",
        trace: "
            0     a1   > INVITE 1001 2002 | Max-Forwards: 70
            2     a1   < 100
            5     b1   < INVITE 1001 2002 | Max-Forwards: 69
            6     b1/h > INVITE 1001 2002 | Max-Forwards: 69
            8     b1/h < 100
            12    c1   < INVITE 1001 2002 | Max-Forwards: 68
            100   c1   > 180
            112   b1/h < 180
            113   b1   > 180
            125   a1   < 180
            300   c1   > 486
            312   b1/h < 486
            313   b1   > 486
            325   a1   < 486",
        joined: "a1-b1 b1-b1/h b1/h-c1",
        offered: "",
    },
    Case {
        name: "one Call-ID on an A leg and its two B legs",
        trace: "
            0     a1    > INVITE 1001 2000
            2     a1    < 100
            5     a1/b1 < INVITE 1001 2001
            6     a1/b2 < INVITE 1001 2002
            50    a1/b1 > 180
            61    a1    < 180
            2000  a1/b2 > 200
            2012  a1    < 200
            2020  a1/b1 < CANCEL
            2025  a1/b1 > 487
            8000  a1    > BYE
            8020  a1/b2 < BYE",
        joined: "a1-a1/b1 a1-a1/b2",
        offered: "",
    },
    Case {
        name: "an A leg that outlives a B leg: a second one follows",
        trace: "
            0     a1 > INVITE 1001 2001
            2     a1 < 100
            5     b1 < INVITE 1001 2001
            50    b1 > 180
            61    a1 < 180
            900   b1 > 200
            912   a1 < 200 | Remote-Party-ID: <sip:2001@x>
            5000  b1 > BYE
            5040  b2 < INVITE 1001 2002
            5900  b2 > 200
            5905  a1 < UPDATE | Remote-Party-ID: <sip:2002@x>
            9000  a1 > BYE
            9020  b2 < BYE",
        joined: "a1-b1 a1-b2",
        offered: "",
    },
    Case {
        name: "after a menu an A leg outlives a B leg; a second one follows",
        trace: "
            0     a1 > INVITE 1001 5000
            2     a1 < 100
            4     a1 < 200
            500   b1 < INVITE 1001 2001
            900   b1 > 200
            905   a1 < UPDATE | Remote-Party-ID: <sip:2001@x>
            5000  b1 > BYE
            5400  b2 < INVITE 1001 2002
            5900  b2 > 200
            5905  a1 < UPDATE | Remote-Party-ID: <sip:2002@x>
            9000  a1 > BYE
            9020  b2 < BYE",
        joined: "a1-b2",
        offered: "a1-b1",
    },
    Case {
        name: "the INVITE inside the JSON that a B leg carries names the leg that is connected",
        trace: r#"
            0     a1 > INVITE 911 5000
            3     a1 < 200
            9000  b1 < INVITE bcf psap | Content-Type: application/EmergencyCallData.AbandonedCall+json || {"invite": "INVITE urn:service:sos SIP/2.0\r\nCall-ID: a1@h\r\n\r\n"}
            9100  b1 > 486"#,
        joined: "a1-b1",
        offered: "",
    },
    Case {
        name: "a report on an emergency call that was abandoned before is no leg of it",
        trace: r#"
            0     a1 > INVITE 911 5000
            400   a1 > CANCEL
            410   a1 < 487
            9000  b1 < INVITE bcf psap | Content-Type: application/EmergencyCallData.AbandonedCall+json || {"invite": "INVITE urn:service:sos SIP/2.0\r\nCall-ID: a1@h\r\n\r\n"}
            9100  b1 > 486"#,
        joined: "",
        offered: "",
    },
    Case {
        name: "click to dial: FreeSWITCH calls the phone and then whom it wants",
        trace: "
            0     b1 < INVITE 5550123 1001
            40    b1 > 180
            2000  b1 > 200
            2022  b2 < INVITE 1001 5550123
            2100  b2 > 180
            4000  b2 > 200
            9000  b1 > BYE
            9021  b2 < BYE",
        joined: "b1-b2",
        offered: "",
    },
    Case {
        name: "two B legs that show nothing of each other are offered",
        trace: "
            0     b1 < INVITE 0000 1001
            40    b1 > 180
            2000  b1 > 200
            2022  b2 < INVITE 0000 5550123
            2100  b2 > 180
            4000  b2 > 200
            9000  b1 > BYE
            9021  b2 < BYE",
        joined: "",
        offered: "b1-b2",
    },
    Case {
        name: "two calls that FreeSWITCH makes by itself, one after the other",
        trace: "
            0     b1 < INVITE 0000 1001
            2000  b1 > 200
            2900  b2 < INVITE 0000 1002
            4000  b2 > 200
            9000  b1 > BYE
            15000 b2 > BYE",
        joined: "",
        offered: "",
    },
    Case {
        name: "a parked call is taken: the phone is told whose it is",
        trace: r#"
            0     a1 > INVITE 1048 5903
            2     a1 < 100
            5     a1 < 200
            3000  a2 > INVITE 1034 5903
            3002  a2 < 100
            3006  a2 < 200
            3030  a2 < INFO | Content-Type: message/sipfrag || From: "Yolanda Mock" 1048~To:~
            9000  a2 > BYE
            9021  a1 < BYE"#,
        joined: "a1-a2",
        offered: "",
    },
    Case {
        name: "a parked call is taken: nothing but the BYE shows it",
        trace: "
            0     a1 > INVITE 1048 5903
            2     a1 < 100
            5     a1 < 200
            3000  a2 > INVITE 1034 5903
            3002  a2 < 100
            3006  a2 < 200
            9000  a2 > BYE
            9021  a1 < BYE",
        joined: "",
        offered: "a1-a2",
    },
    Case {
        name: "callers of one conference are offered",
        trace: "
            0     a1 > INVITE 1001 3000
            5     a1 < 200
            1000  a2 > INVITE 1002 3000
            1005  a2 < 200
            2000  a3 > INVITE 1003 3000
            2005  a3 < 200
            20000 a1 > BYE
            25000 a2 > BYE
            29000 a3 > BYE",
        joined: "",
        offered: "a1-a2 a2-a3",
    },
    Case {
        name: "callers of one number, one after the other, are not connected",
        trace: "
            0     a1 > INVITE 1001 3000
            5     a1 < 200
            4000  a1 > BYE
            5000  a2 > INVITE 1002 3000
            5005  a2 < 200
            9000  a2 > BYE",
        joined: "",
        offered: "",
    },
    Case {
        name: "blind transfer: of two calls that begin after the REFER the one with its Referred-By",
        trace: "
            0     a1 > INVITE 1001 1002
            2     a1 < 100
            5     b1 < INVITE 1001 1002
            900   b1 > 200
            912   a1 < 200
            5000  b1 > REFER | Refer-To: <sip:1003@x> | Referred-By: <sip:1002@x>
            5010  b1 < 202
            5020  b2 < INVITE 1001 1003 | Referred-By: <sip:1002@x>
            5021  b3 < INVITE 1001 1003 | Referred-By: <sip:1077@x>
            5600  b2 > 200
            5700  b3 > 486
            5630  b1 < BYE
            9000  a1 > BYE
            9021  b2 < BYE",
        joined: "a1-b1 a1-b2",
        offered: "",
    },
    Case {
        name: "attended transfer to a call of another server: FreeSWITCH sends the Replaces on",
        trace: "
            0     a1 > INVITE 1001 1002
            2     a1 < 100
            5     b1 < INVITE 1001 1002
            900   b1 > 200
            912   a1 < 200
            5000  b1 > REFER | Refer-To: <sip:1003@x?Replaces=far%40y%3Bto-tag%3D1%3Bfrom-tag%3D2>
            5010  b1 < 202
            5020  b2 < INVITE 7777 1003 | Replaces: far@y;to-tag=1;from-tag=2
            5600  b2 > 200
            5630  b1 < BYE
            9000  a1 > BYE
            9021  b2 < BYE",
        joined: "a1-b1 a1-b2",
        offered: "",
    },
    Case {
        name: "an INVITE with Replaces takes a call over",
        trace: "
            0     a1 > INVITE 1001 1002
            2     a1 < 100
            5     b1 < INVITE 1001 1002
            900   b1 > 200
            912   a1 < 200
            5000  a2 > INVITE 1003 1002 | Replaces: b1@h;to-tag=1;from-tag=2
            5010  a2 < 200
            5030  b1 < BYE
            9000  a1 > BYE
            9021  a2 < BYE",
        joined: "a1-a2 a1-b1",
        offered: "",
    },
    Case {
        name: "the number was rewritten and A is told nothing; a menu of 8 s comes first",
        trace: "
            0     a1 > INVITE 5550100 5550199
            2     a1 < 100
            4     a1 < 200
            8200  b1 < INVITE 5550100 7001 | Diversion: <sip:5550199@x>
            8300  b1 > 180
            9000  b1 > 200
            15000 b1 > BYE
            15021 a1 < BYE",
        joined: "a1-b1",
        offered: "",
    },
    Case {
        name: "whom A called is in History-Info",
        trace: "
            0     a1 > INVITE 5550100 5550199
            1     a2 > INVITE 5550101 5550188
            2     a1 < 100
            3     a2 < 100
            7     b1 < INVITE 900 7001 | History-Info: <sip:5550199@x>;index=1, <sip:7001@x>;index=1.1
            8     b2 < INVITE 900 7002 | History-Info: <sip:5550188@x>;index=1, <sip:7002@x>;index=1.1
            500   b1 > 404
            512   a1 < 404
            700   b2 > 480
            712   a2 < 480",
        joined: "a1-b1 a2-b2",
        offered: "",
    },
];
