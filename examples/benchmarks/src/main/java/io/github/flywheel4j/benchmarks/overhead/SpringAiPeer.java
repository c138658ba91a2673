package io.github.flywheel4j.benchmarks.overhead;

import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.ChatModelCallAdvisor;
import org.springframework.ai.chat.client.advisor.DefaultAroundAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Spring AI with ten empty advisors around a model that answers at once from memory, without observation.
 *
 * <p>The chain is measured at its cheapest: the request is made once, and only what each call needs is done for each call.
 * A Spring AI chain is consumed by the call that runs through it, so building it belongs to the call, as it does in
 * {@code ChatClient}. The way most users go, {@code chatClient.prompt(prompt).call()}, is measured beside it; it also makes
 * the request and adds the client's own tool-calling advisor.
 */
final class SpringAiPeer {

    private final ChatModel model = new Stub();
    private final Prompt prompt = new Prompt(new UserMessage(StubModel.QUESTION));
    private final ChatClientRequest request = new ChatClientRequest(prompt, Map.of());
    private final List<Advisor> chain;
    private final ChatClient client;

    SpringAiPeer() {
        List<Advisor> advisors = emptyAdvisors();
        client = ChatClient.builder(model, ObservationRegistry.NOOP, null, null)
                .defaultAdvisors(advisors)
                .build();
        chain = new ArrayList<>(advisors);
        chain.add(ChatModelCallAdvisor.builder().chatModel(model).build());
    }

    ChatResponse bare() {
        return model.call(prompt);
    }

    /** Only what a call does before it runs, so that the two parts can be told apart. */
    CallAdvisorChain buildChain() {
        return DefaultAroundAdvisorChain.builder(ObservationRegistry.NOOP)
                .pushAll(chain)
                .build();
    }

    ChatClientResponse throughChain() {
        return buildChain().nextCall(request);
    }

    ChatClientResponse throughClient() {
        return client.prompt(prompt).call().chatClientResponse();
    }

    /** Ten classes, as ten advisors of an application would be, so that the calls between them are megamorphic. */
    private static List<Advisor> emptyAdvisors() {
        return List.of(
                new Empty("one") {
                    @Override
                    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
                        return chain.nextCall(request);
                    }
                },
                new Empty("two") {
                    @Override
                    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
                        return chain.nextCall(request);
                    }
                },
                new Empty("three") {
                    @Override
                    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
                        return chain.nextCall(request);
                    }
                },
                new Empty("four") {
                    @Override
                    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
                        return chain.nextCall(request);
                    }
                },
                new Empty("five") {
                    @Override
                    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
                        return chain.nextCall(request);
                    }
                },
                new Empty("six") {
                    @Override
                    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
                        return chain.nextCall(request);
                    }
                },
                new Empty("seven") {
                    @Override
                    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
                        return chain.nextCall(request);
                    }
                },
                new Empty("eight") {
                    @Override
                    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
                        return chain.nextCall(request);
                    }
                },
                new Empty("nine") {
                    @Override
                    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
                        return chain.nextCall(request);
                    }
                },
                new Empty("ten") {
                    @Override
                    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
                        return chain.nextCall(request);
                    }
                });
    }

    private abstract static class Empty implements CallAdvisor {

        private final String name;

        Empty(String name) {
            this.name = name;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public int getOrder() {
            return 0;
        }
    }

    private static final class Stub implements ChatModel {

        private final ChatResponse response =
                new ChatResponse(List.of(new Generation(new AssistantMessage(StubModel.ANSWER))));

        @Override
        public ChatResponse call(Prompt prompt) {
            return response;
        }
    }
}
