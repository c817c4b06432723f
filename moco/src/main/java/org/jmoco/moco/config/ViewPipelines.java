package org.jmoco.moco.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jmoco.nn.data.DataException;
import org.jmoco.nn.data.augment.Pipeline;
import org.jmoco.nn.data.augment.PipelineMaps;

/// The key `views` as an augmentation: `moco-v2`, `{preset: moco-v2, size: 32}`, a list of transforms, or
/// `{transforms: […], normalize: {…}}`, see [PipelineMaps].
final class ViewPipelines {
    private static final String KEY = "views";
    private static final Pattern UNKNOWN = Pattern.compile(": unknown (?:key|transform) '([^']*)'");

    private ViewPipelines() {}

    /// @throws ConfigException with the line, if something is unknown, missing or wrong
    static Pipeline of(ConfigTree views) {
        try {
            return PipelineMaps.of(ConfigTree.plain(views), KEY);
        } catch (DataException e) {
            throw new ConfigException(where(views, e.getMessage()) + ": " + e.getMessage());
        }
    }

    /// The line of what a message is about: it begins with the place, `views.transforms[1].CenterCrop.size`.
    private static String where(ConfigTree views, String message) {
        String place = message.substring(KEY.length(), message.indexOf(": "));
        Matcher unknown = UNKNOWN.matcher(message);
        if (unknown.find()) {
            place += "." + unknown.group(1);
        }
        ConfigTree at = views;
        for (String part : place.split("[.\\[\\]]+", 0)) {
            ConfigTree inner = part.isEmpty() ? at : inside(at, part);
            if (inner == null) {
                break;
            }
            at = inner;
        }
        return at.where();
    }

    private static ConfigTree inside(ConfigTree tree, String part) {
        return switch (tree) {
            case ConfigTree.Mapping m -> m.entries().get(part);
            case ConfigTree.Sequence s
            when part.matches("\\d{1,6}") && Integer.parseInt(part) < s.items().size() ->
                s.items().get(Integer.parseInt(part));
            default -> null;
        };
    }
}
