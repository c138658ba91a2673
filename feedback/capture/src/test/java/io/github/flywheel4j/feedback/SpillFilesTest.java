package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full disk is one on which the store needs the room too. */
class SpillFilesTest {

    @TempDir
    Path folder;

    private final FullDisk disk = new FullDisk();
    private SpillFiles files;

    @BeforeEach
    void open() {
        files = new SpillFiles(folder, 1 << 20, disk);
    }

    @AfterEach
    void close() {
        files.close();
    }

    @Test
    void aFileOfWhichTheDiskTookHalfLeavesNoRoomTaken() throws IOException {
        disk.room = 100;
        assertThatThrownBy(() -> append(1, 2, 3)).hasMessageContaining("No space left");

        assertThat(Folders.names(folder)).isEmpty();
        assertThat(files.isEmpty()).isTrue();

        disk.room = Long.MAX_VALUE;
        append(1, 2, 3);
        assertThat(Files.readAllLines(files.oldest())).hasSize(3);
    }

    @Test
    void whatWasWrittenBeforeTheDiskWasFullIsKeptAndNoMore() throws IOException {
        append(1, 2);
        disk.room = 100;
        assertThatThrownBy(() -> append(3, 4)).hasMessageContaining("No space left");
        disk.room = Long.MAX_VALUE;
        append(5);

        assertThat(Files.readAllLines(files.oldest()))
                .extracting(line -> FeedbackEvent.fromJson(line).interactionId())
                .containsExactly(Events.id(1), Events.id(2), Events.id(5));
    }

    @Test
    void whatCannotBeTakenBackIsReadUpToTheTornLine() throws IOException {
        disk.room = 100;
        disk.truncates = false;
        assertThatThrownBy(() -> append(1)).hasMessageContaining("No space left");
        disk.room = Long.MAX_VALUE;
        append(2);

        try (Lines lines = Lines.of(files.oldest())) {
            assertThat(lines.next()).isTrue();
            assertThat(lines.eventOrNull()).isNull();
        }
        assertThat(Folders.names(folder)).hasSize(2);
    }

    @Test
    void anEventWithAHoleInItIsTakenForNoneAndHoldsUpNoOther() throws IOException {
        FeedbackEvent hole = new Correctness(Events.info(Events.id(2)), null, null, null, null);
        List<FeedbackEvent> unwritable = new ArrayList<>();

        assertThat(files.append(List.of(Events.comment(1), hole, Events.comment(3)), unwritable::add))
                .isEmpty();

        assertThat(unwritable).containsExactly(hole);
        assertThat(Files.readAllLines(files.oldest())).hasSize(2);
        assertThatThrownBy(hole::toJson)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(hole.eventId().toString());
    }

    private void append(int... numbers) throws IOException {
        List<FeedbackEvent> events = Arrays.stream(numbers)
                .mapToObj(number -> (FeedbackEvent) Events.comment(number))
                .toList();
        assertThat(files.append(events, event -> {})).isEmpty();
    }
}
