/// What this machine has for jmoco, and what would make it better: [Machine][org.jmoco.moco.doctor.Machine] holds
/// the facts, [Doctor][org.jmoco.moco.doctor.Doctor] judges them; [Together][org.jmoco.moco.doctor.Together] does so
/// for several processes.
package org.jmoco.moco.doctor;
