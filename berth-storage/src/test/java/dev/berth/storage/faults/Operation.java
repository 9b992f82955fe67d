package dev.berth.storage.faults;

import static dev.berth.storage.faults.Fault.FAILED_SYNC;
import static dev.berth.storage.faults.Fault.IO_ERROR;
import static dev.berth.storage.faults.Fault.NO_SPACE;
import static dev.berth.storage.faults.Fault.SHORT_WRITE;

import java.util.Set;

/// What is done to a store, or to a file of it that is open.
public enum Operation {
  STAT,
  READ,
  OPEN,
  READ_OPEN,
  PUT,
  CREATE,
  PUT_VOLATILE,
  APPEND,
  BEGIN,
  WRITE,
  READ_BACK,
  TRUNCATE,
  SYNC_WRITER,
  MOVE,
  DELETE,
  DELETE_TREE,
  LIST,
  SYNC;

  /// The faults that this operation can meet.
  public Set<Fault> possible() {
    return switch (this) {
      case STAT, READ, OPEN, READ_OPEN, READ_BACK, TRUNCATE, LIST -> Set.of(IO_ERROR);
      case PUT_VOLATILE, APPEND, BEGIN -> Set.of(IO_ERROR, NO_SPACE);
      case PUT, CREATE, MOVE -> Set.of(IO_ERROR, NO_SPACE, FAILED_SYNC);
      case DELETE, DELETE_TREE, SYNC -> Set.of(IO_ERROR, FAILED_SYNC);
      case WRITE -> Set.of(IO_ERROR, NO_SPACE, SHORT_WRITE);
      case SYNC_WRITER -> Set.of(FAILED_SYNC);
    };
  }
}
