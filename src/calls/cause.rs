//! Names of the causes of ITU-T Q.850, as telephone people say them.
//!
//! Must not know: legs, header fields.

/// The causes that SIP gateways and FreeSWITCH use.
const CAUSES: [(u8, &str); 36] = [
    (1, "unallocated number"),
    (2, "no route to transit network"),
    (3, "no route to destination"),
    (6, "channel unacceptable"),
    (16, "normal call clearing"),
    (17, "user busy"),
    (18, "no user responding"),
    (19, "no answer"),
    (20, "subscriber absent"),
    (21, "call rejected"),
    (22, "number changed"),
    (23, "redirected to new destination"),
    (25, "exchange routing error"),
    (27, "destination out of order"),
    (28, "invalid number format"),
    (29, "facility rejected"),
    (31, "normal, unspecified"),
    (34, "no circuit available"),
    (38, "network out of order"),
    (41, "temporary failure"),
    (42, "switching equipment congestion"),
    (44, "requested channel not available"),
    (47, "resource unavailable"),
    (50, "facility not subscribed"),
    (52, "outgoing calls barred"),
    (54, "incoming calls barred"),
    (57, "bearer capability not authorised"),
    (58, "bearer capability not available"),
    (65, "bearer capability not implemented"),
    (69, "facility not implemented"),
    (79, "service not implemented"),
    (88, "incompatible destination"),
    (95, "invalid message"),
    (102, "timer expired"),
    (111, "protocol error"),
    (127, "interworking"),
];

/// The name of a cause; empty for one that has none.
pub fn cause_name(cause: u8) -> &'static str {
    CAUSES.iter().find(|(number, _)| *number == cause).map_or("", |(_, name)| name)
}
