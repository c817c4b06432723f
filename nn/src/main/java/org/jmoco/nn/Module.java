package org.jmoco.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jmoco.tensor.Scope;
import org.jmoco.tensor.Variable;

/// A part of a network: parameters, buffers and further modules in its fields. One that makes one tensor of one
/// tensor is a [Layer]; others have methods of their own, whose nodes they put under their name by [#scoped].
///
/// Fields are checkpoint keys. They are found by walking the class in declaration order, superclasses first: a
/// [Variable], a [Module], or a list of either, whose elements are called `0`, `1`, …; absent (null) ones are
/// skipped. Names join with dots and change from `camelCase` to `snake_case`, so `layer1.get(0).bn1.runningMean`
/// is `layer1.0.bn1.running_mean`.
///
/// Parameters are 0 until [#initialize] draws them or a [checkpoint][StateDict] is loaded.
public abstract class Module {
    private String scope = "";
    private boolean childrenKnowTheirNames;

    /// Runs `body` under this module's name, so that graphs and profiles show what belongs to it.
    protected final <T> T scoped(Supplier<T> body) {
        if (!childrenKnowTheirNames) {
            for (Member m : members()) {
                if (m.value() instanceof Module child) {
                    child.scope = m.name();
                }
            }
            childrenKnowTheirNames = true;
        }
        return Scope.in(scope, body);
    }

    /// Sets the variables of this very module to their initial values; the modules inside do so themselves. By
    /// default there is nothing to do.
    protected void reset(Init init) {}

    /// Gives every parameter and buffer its initial value, and every variable its full name. The numbers of a
    /// parameter depend on `seed`, on its name and on its shape, on nothing else.
    public final void initialize(long seed) {
        named().forEach((name, variable) -> variable.rename(name));
        Init init = new Init(seed);
        modules().values().parallelStream().forEach(m -> m.reset(init)); // each has random numbers of its own
    }

    /// Takes over the values of another module's parameters, not its buffers; so a key encoder starts.
    ///
    /// @throws IllegalArgumentException if the two do not have parameters of the same names
    public final void copyParameters(Module from) {
        SequencedMap<String, Variable> theirs = from.namedParameters();
        SequencedMap<String, Variable> own = namedParameters();
        if (!own.keySet().equals(theirs.keySet())) {
            throw new IllegalArgumentException("copyParameters: this module has the parameters " + own.keySet()
                    + ", the other one has " + theirs.keySet());
        }
        own.forEach((name, variable) -> variable.assign(theirs.get(name).read()));
    }

    /// Trainable variables, in declaration order. A variable that stands in several places is listed once.
    public final List<Variable> parameters() {
        return namedParameters().values().stream().distinct().toList();
    }

    /// Variables that are saved but not trained, in declaration order.
    public final List<Variable> buffers() {
        return namedBuffers().values().stream().distinct().toList();
    }

    /// Number of trainable values.
    public final long parameterCount() {
        return parameters().stream().mapToLong(v -> v.shape().size()).sum();
    }

    /// All parameters and buffers by name, in declaration order.
    public final SequencedMap<String, Variable> named() {
        return variables(m -> true);
    }

    /// Parameters by name, in declaration order.
    public final SequencedMap<String, Variable> namedParameters() {
        return variables(m -> !m.buffer());
    }

    /// Buffers by name, in declaration order.
    public final SequencedMap<String, Variable> namedBuffers() {
        return variables(Member::buffer);
    }

    /// This module, under the empty name, and every module inside by name; outer ones first.
    public final SequencedMap<String, Module> modules() {
        SequencedMap<String, Module> found = new LinkedHashMap<>();
        visit("", found::put, (name, m) -> {});
        return Collections.unmodifiableSequencedMap(found);
    }

    private SequencedMap<String, Variable> variables(Predicate<Member> wanted) {
        SequencedMap<String, Variable> found = new LinkedHashMap<>();
        visit("", (name, m) -> {}, (name, m) -> {
            if (wanted.test(m)) {
                found.put(name, (Variable) m.value());
            }
        });
        return Collections.unmodifiableSequencedMap(found);
    }

    private void visit(String path, BiConsumer<String, Module> modules, BiConsumer<String, Member> variables) {
        modules.accept(path, this);
        for (Member m : members()) {
            String name = path.isEmpty() ? m.name() : path + "." + m.name();
            if (m.value() instanceof Module child) {
                child.visit(name, modules, variables);
            } else {
                variables.accept(name, m);
            }
        }
    }

    /// What this module consists of, in order.
    List<Member> members() {
        return Member.of(this);
    }
}
