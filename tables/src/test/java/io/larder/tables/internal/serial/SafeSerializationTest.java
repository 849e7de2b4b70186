package io.larder.tables.internal.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectStreamConstants;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What attackers put into streams: none of it runs, takes the memory or takes the time. */
@Timeout(60)
class SafeSerializationTest {
  private static final AtomicInteger RUNS = new AtomicInteger();

  /** Runs when it is read. */
  static class Gadget implements Serializable {
    private static final long serialVersionUID = 1L;

    private void readObject(ObjectInputStream input) throws IOException, ClassNotFoundException {
      RUNS.incrementAndGet();
      input.defaultReadObject();
    }
  }

  /** Runs when it is constructed, and when it is read. */
  public static final class ExternalGadget implements Externalizable {
    private static final long serialVersionUID = 1L;

    public ExternalGadget() {
      RUNS.incrementAndGet();
    }

    @Override
    public void writeExternal(ObjectOutput output) {}

    @Override
    public void readExternal(ObjectInput input) {
      RUNS.incrementAndGet();
    }
  }

  /** A configured type with room for anything. */
  static final class Envelope implements Serializable {
    private static final long serialVersionUID = 1L;
    private final Object content;

    Envelope(Object content) {
      this.content = content;
    }
  }

  /** Looks like a list, runs like a gadget. */
  static final class ListGadget extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    private void readObject(ObjectInputStream input) throws IOException, ClassNotFoundException {
      RUNS.incrementAndGet();
      input.defaultReadObject();
    }
  }

  private static final class Handler implements InvocationHandler, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
      RUNS.incrementAndGet();
      return null;
    }
  }

  private static byte[] write(Object value) throws IOException {
    return SafeSerialization.write(value, name -> {});
  }

  private static Object read(byte[] stream) throws Exception {
    AllowedClasses allowed = AllowedClasses.of(name -> false, Envelope.class);
    return SafeSerialization.read(stream, SafeSerializationTest.class.getClassLoader(), allowed);
  }

  static Stream<Arguments> gadgets() throws Exception {
    Comparator<Object> comparator =
        (Comparator<Object> & Serializable) (unusedLeft, unusedRight) -> RUNS.incrementAndGet();
    PriorityQueue<Object> queue = new PriorityQueue<>(2, comparator);
    TreeMap<Object, Object> tree = new TreeMap<>(comparator);
    return Stream.<Object>of(
            new Gadget(),
            new ExternalGadget(),
            new ListGadget(),
            queue,
            tree,
            comparator,
            URI.create("http://localhost").toURL(),
            Gadget.class,
            new Gadget[0],
            Proxy.newProxyInstance(
                SafeSerializationTest.class.getClassLoader(),
                new Class<?>[] {Comparable.class},
                new Handler()))
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("gadgets")
  void gadgets_areRefusedWhereverTheyHide(Object gadget) throws Exception {
    for (Object hidden :
        List.of(
            gadget,
            new Envelope(gadget),
            new ArrayList<>(List.of(gadget)),
            Map.of("k", gadget),
            new Object[] {new Object[] {gadget}})) {
      byte[] stream = write(hidden);
      RUNS.set(0);

      assertThatThrownBy(() -> read(stream))
          .isInstanceOfAny(RefusedClassException.class, IOException.class);
      assertThat(RUNS).hasValue(0);
    }
  }

  @Test
  void refusal_namesTheClass() throws Exception {
    byte[] stream = write(new Envelope(new Gadget()));

    assertThatThrownBy(() -> read(stream))
        .isInstanceOfSatisfying(
            RefusedClassException.class,
            refused -> assertThat(refused.className()).isEqualTo(Gadget.class.getName()));
  }

  /** Sets of sets of the same sets: reading the outermost hashes 2^100 elements. */
  @Test
  void setsOfTheSameSets_areRefusedInTime() throws Exception {
    Set<Object> root = new HashSet<>();
    Set<Object> left = root;
    Set<Object> right = new HashSet<>();
    for (int level = 0; level < 100; level++) {
      Set<Object> nextLeft = new HashSet<>(List.of("not the other"));
      Set<Object> nextRight = new HashSet<>();
      left.add(nextLeft);
      left.add(nextRight);
      right.add(nextLeft);
      right.add(nextRight);
      left = nextLeft;
      right = nextRight;
    }
    byte[] stream = write(root);
    assertThat(stream.length).isLessThan(10_000);

    assertThatThrownBy(() -> read(stream))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("counted as often as they occur in each other");
  }

  @Test
  void listOfCopies_isRefusedInsideAnything() throws Exception {
    byte[] stream = write(new Envelope(Collections.nCopies(Integer.MAX_VALUE, "x")));

    assertThatThrownBy(() -> read(stream)).isInstanceOf(IOException.class);
  }

  @Test
  void arrayLongerThanItsStream_takesNoMemory() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream output = new DataOutputStream(bytes);
    byte[] real = write(new long[1]);
    output.write(real, 0, real.length - Integer.BYTES - Long.BYTES);
    output.writeInt(Integer.MAX_VALUE - 8);
    output.writeLong(0);

    assertThat(real[Short.BYTES * 2]).isEqualTo(ObjectStreamConstants.TC_ARRAY);
    assertThatThrownBy(() -> read(bytes.toByteArray())).isInstanceOf(IOException.class);
  }

  @Test
  void endlessDepth_isAnError() throws Exception {
    Object nested = "core";
    for (int depth = 0; depth < 1_000; depth++) {
      nested = new Object[] {nested};
    }
    assertThat(read(write(nested))).isInstanceOf(Object[].class);
    byte[] shallow = write(new Object[] {null});
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(shallow, 0, shallow.length - 1); // up to where the element begins
    byte[] again = {
      ObjectStreamConstants.TC_ARRAY, ObjectStreamConstants.TC_REFERENCE, 0, 0x7e, 0, 0, 0, 0, 0, 1
    };
    for (int depth = 0; depth < 200_000; depth++) {
      bytes.write(again);
    }

    assertThatThrownBy(() -> read(bytes.toByteArray())).isInstanceOf(IOException.class);
  }

  @Test
  void ordinaryObjects_comeBack() throws Exception {
    Map<String, Object> map = new HashMap<>();
    List<Integer> shared = new ArrayList<>(List.of(1, 2, 3));
    for (int number = 0; number < 5_000; number++) {
      map.put("key " + number, shared);
    }
    map.put("itself", map.keySet().size());

    assertThat(read(write(map))).isEqualTo(map);
    Envelope envelope = (Envelope) read(write(new Envelope(map)));
    assertThat(envelope.content).isEqualTo(map);
  }
}
