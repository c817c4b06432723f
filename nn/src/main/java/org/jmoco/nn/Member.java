package org.jmoco.nn;

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jmoco.tensor.Variable;

/// What a module is made of: one variable or one module inside, under its name there.
///
/// @param name   within the module, as in a checkpoint
/// @param value  a [Variable] or a [Module]
/// @param buffer whether it stands in a field marked [Buffer]
record Member(String name, Object value, boolean buffer) {
    private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            return relevantFields(type);
        }
    };

    /// The members in a module's fields, in declaration order, superclasses first.
    static List<Member> of(Module module) {
        List<Member> members = new ArrayList<>();
        for (Field f : FIELDS.get(module.getClass())) {
            String name = snakeCase(f.getName());
            boolean buffer = f.isAnnotationPresent(Buffer.class);
            Object value = read(f, module);
            if (isMember(value)) {
                members.add(new Member(name, value, buffer));
            } else if (value instanceof List<?> list) {
                members.addAll(of(name + ".", list, buffer));
            }
        }
        return members;
    }

    /// The modules and variables of a list, named by their positions.
    static List<Member> of(String prefix, List<?> list, boolean buffer) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (isMember(list.get(i))) {
                members.add(new Member(prefix + i, list.get(i), buffer));
            }
        }
        return members;
    }

    private static boolean isMember(Object value) {
        return value instanceof Variable || value instanceof Module;
    }

    private static List<Field> relevantFields(Class<?> type) {
        if (type == Module.class) {
            return List.of();
        }
        List<Field> fields = new ArrayList<>(relevantFields(type.getSuperclass()));
        for (Field f : type.getDeclaredFields()) {
            boolean candidate = Variable.class == f.getType()
                    || Module.class.isAssignableFrom(f.getType())
                    || List.class.isAssignableFrom(f.getType());
            if (candidate && !Modifier.isStatic(f.getModifiers()) && !f.isSynthetic()) {
                fields.add(accessible(f));
            }
        }
        return fields;
    }

    private static Field accessible(Field f) {
        try {
            f.setAccessible(true);
        } catch (InaccessibleObjectException e) {
            throw new IllegalStateException(
                    "module " + f.getDeclaringClass().getName()
                            + ": its fields cannot be read; open its package to org.jmoco.nn (opens "
                            + f.getDeclaringClass().getPackageName() + ")",
                    e);
        }
        return f;
    }

    private static Object read(Field f, Module module) {
        try {
            return f.get(module);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("field " + f + " was made accessible and is not", e);
        }
    }

    private static String snakeCase(String camelCase) {
        return String.join("_", Arrays.asList(camelCase.split("(?=[A-Z])", -1))).toLowerCase(Locale.ROOT);
    }
}
