package dev.berth.server.engine;

/// The same where event loops make no call for a file.
final class CopiedFileTest extends FileAndRangeTest {
  @Override
  EngineSettings settings() {
    return TestingEngine.settings().withCopiedFiles(true);
  }
}
