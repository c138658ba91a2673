package io.github.flywheel4j.caching;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.message.VideoContent;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.RequestParameters;
import io.github.flywheel4j.StackFingerprint;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes the key of a call from everything that decides its answer: scope, workload, knowledge version, what the rest of the
 * stack is (prompt version, models, guards, retrieval), provider, effective parameters with tools and response format, and
 * all messages by role, text and tool calls. Ids of tool calls are unique each time and stand for their order only; attributes
 * are never sent to a model and are left out.
 *
 * <p>Thread-safe.
 */
final class RequestKeys {

    private static final int SYSTEM = 1;
    private static final int USER = 2;
    private static final int AI = 3;
    private static final int TOOL = 4;
    private static final int TEXT = 5;
    private static final int MEDIUM = 6;
    private static final int LONG_SYSTEM = 7;

    private static final int LONG_TEXT = 500;
    private static final long SYSTEM_TEXT_CHARACTERS = 4_000_000;

    /** Tools and formats are built once by most applications and take long to spell. */
    private static final int MOST_SPELLINGS = 10_000;

    private final Scope scope;
    private final TemperaturePolicy temperature;
    private final UnaryOperator<String> userText;
    private final boolean media;
    private final boolean questions;
    private final Supplier<@Nullable String> knowledgeVersion;

    /** By identity: they are immutable, and comparing two is not much faster than spelling one. */
    private final LoadingCache<Object, String> spellings = Caffeine.newBuilder()
            .weakKeys()
            .maximumSize(MOST_SPELLINGS)
            .executor(Runnable::run)
            .build(value -> value instanceof ToolSpecification tool
                    ? RequestParameters.spell(tool)
                    : RequestParameters.spell((ResponseFormat) value));

    private final LoadingCache<String, CacheKey> systemTexts = Caffeine.newBuilder()
            .maximumWeight(SYSTEM_TEXT_CHARACTERS)
            .weigher((String text, CacheKey digest) -> text.length())
            .executor(Runnable::run)
            .build(text -> new KeyBytes().add(text).digest());

    /**
     * @param userText what is done to users' texts before they count
     * @param media whether images, sound, video and files are cached, by their bytes
     * @param questions whether partition and question are wanted beside the exact key
     */
    RequestKeys(
            Scope scope,
            TemperaturePolicy temperature,
            UnaryOperator<String> userText,
            boolean media,
            boolean questions,
            Supplier<@Nullable String> knowledgeVersion) {
        this.scope = scope;
        this.temperature = temperature;
        this.userText = userText;
        this.media = media;
        this.questions = questions;
        this.knowledgeVersion = knowledgeVersion;
    }

    RequestKey key(ChatCall call, StackFingerprint rest) {
        CallContext context = call.context();
        List<@Nullable String> partition = scope.partition(context);
        if (partition == null) {
            return new RequestKey.None(scope.missing());
        }
        ChatRequestParameters parameters = call.parameters();
        if (!temperature.allows(parameters.temperature())) {
            return new RequestKey.None("temperature");
        }
        RequestParameters spelled = RequestParameters.spell(parameters, this::known);
        if (!spelled.isWhole()) {
            return new RequestKey.None("parameters without a text");
        }
        KeyBytes bytes = new KeyBytes();
        addAll(bytes, partition);
        bytes.add(context.workload());
        String askers = questions ? bytes.digest().toString() : "";
        String version = knowledgeVersion.get(); // once for a call: it may change while the model answers
        bytes.add(context.knowledgeVersion());
        bytes.add(version);
        bytes.add(rest.value());
        bytes.add(call.provider().name());
        bytes.add(spelled.lines().size());
        for (String line : spelled.lines()) {
            bytes.add(line);
        }
        return withMessages(bytes, call.request().messages(), askers, named(context.knowledgeVersion(), version));
    }

    private static List<String> named(@Nullable String one, @Nullable String other) {
        if (one == null || one.equals(other)) {
            return other == null ? List.of() : List.of(other);
        }
        return other == null ? List.of(one) : List.of(one, other);
    }

    private @Nullable String known(Object value) {
        return value instanceof ToolSpecification || value instanceof ResponseFormat ? spellings.get(value) : null;
    }

    private RequestKey withMessages(
            KeyBytes bytes, List<ChatMessage> messages, String askers, List<String> knowledgeVersions) {
        int last = messages.size() - 1;
        String question = messages.get(last) instanceof UserMessage asked && asked.hasSingleText()
                ? userText.apply(asked.singleText())
                : null;
        bytes.add(messages.size());
        ToolCallOrder toolCalls = new ToolCallOrder();
        for (int i = 0; i <= last; i++) {
            if (i == last && question != null) {
                bytes.add(USER).add(((UserMessage) messages.get(i)).name());
            } else if (!add(bytes, messages.get(i), toolCalls)) {
                return new RequestKey.None("multimodal");
            }
        }
        Partition partition = question == null || !questions
                ? null
                : new Partition(bytes.digest().toString(), askers);
        bytes.add(question);
        return new RequestKey.Of(bytes.digest(), partition, partition == null ? null : question, knowledgeVersions);
    }

    /** Adds a message; false if it is of a kind that has no key. */
    private boolean add(KeyBytes bytes, ChatMessage message, ToolCallOrder toolCalls) {
        if (message instanceof UserMessage user) {
            bytes.add(USER).add(user.name());
            return addContents(bytes, user.contents(), userText);
        } else if (message instanceof SystemMessage system) {
            addSystemText(bytes, system.text());
            return true;
        } else if (message instanceof AiMessage answer) {
            bytes.add(AI).add(answer.text()).add(answer.thinking());
            bytes.add(answer.toolExecutionRequests().size());
            for (ToolExecutionRequest call : answer.toolExecutionRequests()) {
                toolCalls.made(call.id());
                bytes.add(call.name()).add(call.arguments());
            }
            return answer.images().isEmpty();
        } else if (message instanceof ToolExecutionResultMessage result) {
            bytes.add(TOOL).add(toolCalls.answeredBy(result.id()));
            bytes.add(result.toolName()).add(String.valueOf(result.isError()));
            return addContents(bytes, result.contents(), UnaryOperator.identity());
        }
        return false; // a provider's own kind, of which nobody knows what of it is sent
    }

    /** A long one by its digest: it comes with every call, and hashing it anew takes longer than all the rest. */
    private void addSystemText(KeyBytes bytes, String text) {
        if (text.length() < LONG_TEXT) {
            bytes.add(SYSTEM).add(text);
        } else {
            bytes.add(LONG_SYSTEM).add(systemTexts.get(text).toString());
        }
    }

    private boolean addContents(KeyBytes bytes, List<Content> contents, UnaryOperator<String> normal) {
        bytes.add(contents.size());
        for (Content content : contents) {
            if (content instanceof TextContent text) {
                bytes.add(TEXT).add(normal.apply(text.text()));
            } else if (!media || !addMedium(bytes, content)) {
                return false;
            }
        }
        return true;
    }

    /** Adds a medium by its bytes; false if there is only an address, behind which the bytes may change. */
    private static boolean addMedium(KeyBytes bytes, Content content) {
        String base64;
        String kind;
        if (content instanceof ImageContent image) {
            base64 = image.image().base64Data();
            kind = image.image().mimeType();
            bytes.add(image.detailLevel().name());
        } else if (content instanceof PdfFileContent pdf) {
            base64 = pdf.pdfFile().base64Data();
            kind = pdf.pdfFile().mimeType();
        } else if (content instanceof AudioContent audio) {
            base64 = audio.audio().base64Data();
            kind = audio.audio().mimeType();
        } else if (content instanceof VideoContent video) {
            base64 = video.video().base64Data();
            kind = video.video().mimeType();
        } else {
            return false;
        }
        bytes.add(MEDIUM).add(content.type().name()).add(kind).add(base64);
        return base64 != null;
    }

    private static void addAll(KeyBytes bytes, List<@Nullable String> parts) {
        bytes.add(parts.size());
        for (String part : parts) {
            bytes.add(part);
        }
    }
}
