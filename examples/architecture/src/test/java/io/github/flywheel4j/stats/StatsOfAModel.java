package io.github.flywheel4j.stats;

import dev.langchain4j.model.chat.ChatModel;

public interface StatsOfAModel {
    double rate(ChatModel model);
}
