/// What this machine has for jmoco, and what would make it better: [Machine][org.jmoco.moco.doctor.Machine] holds
/// the facts, [Doctor][org.jmoco.moco.doctor.Doctor] judges them.
package org.jmoco.moco.doctor;
