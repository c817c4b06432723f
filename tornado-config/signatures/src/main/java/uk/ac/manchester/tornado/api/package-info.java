/// Compile-time signatures of the part of the TornadoVM API that this project calls.
///
/// They let `tensor` compile on a machine without a TornadoVM SDK. Nothing here does anything: methods are declared
/// `native` so that they need no body, and a call fails to link. The module is a `provided` dependency, is never
/// packaged and never on a run-time class path; at run time the classes of these names are the SDK's own.
///
/// Names, parameter types, return types and constants are those of TornadoVM 5.2.0-jdk25. `SignatureDriftTest`
/// compares each of them with the `tornado-api` jar of the SDK that `TORNADOVM_HOME` names.
package uk.ac.manchester.tornado.api;
