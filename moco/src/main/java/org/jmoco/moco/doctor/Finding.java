package org.jmoco.moco.doctor;

/// One line of the examination.
///
/// @param subject what was looked at
/// @param fact    what was found
/// @param fix     what to do about it; empty if all is well
public record Finding(Verdict verdict, String subject, String fact, String fix) {
    public enum Verdict {
        /// Nothing to do.
        FINE,
        /// It works, but could be better.
        ADVICE,
        /// It does not work, or not reliably.
        PROBLEM
    }

    static Finding fine(String subject, String fact) {
        return new Finding(Verdict.FINE, subject, fact, "");
    }

    static Finding advice(String subject, String fact, String fix) {
        return new Finding(Verdict.ADVICE, subject, fact, fix);
    }

    static Finding problem(String subject, String fact, String fix) {
        return new Finding(Verdict.PROBLEM, subject, fact, fix);
    }
}
