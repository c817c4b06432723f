/// What the engine tells JDK Flight Recorder. Start a program with `-XX:StartFlightRecording=filename=run.jfr` and
/// open the file in JDK Mission Control: events stand under *jmoco*.
package org.jmoco.tensor.jfr;
