package org.jmoco.moco.config;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// Parses YAML that is nested no deeper than a configuration can be. The composer behind it calls itself once a
/// level: a file of nothing but brackets would overflow its stack.
final class ShallowParser extends ParserImpl {
    /// Mappings and lists around a value.
    static final int DEEPEST = 32;

    private final String name;
    private int open;

    ShallowParser(LoadSettings settings, String text) {
        super(settings, new StreamReader(settings, text));
        name = settings.getLabel();
    }

    /// @throws ConfigException at the first bracket too many
    @Override
    public Event next() {
        Event event = super.next();
        switch (event.getEventId()) {
            case SequenceStart, MappingStart -> open++;
            case SequenceEnd, MappingEnd -> open--;
            default -> {}
        }
        if (open > DEEPEST) {
            throw tooDeep(event.getStartMark()
                    .map(m -> name + ", line " + (m.getLine() + 1))
                    .orElse(name));
        }
        return event;
    }

    static ConfigException tooDeep(String where) {
        return new ConfigException(where + ": nested more than " + DEEPEST + " levels deep");
    }
}
