using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Facts;
using Actors.OpenApi;

namespace Actors.Sessions;

/// <summary>JSON that was checked before and is written as it stands.</summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct RawJson(string Text)
{
    internal sealed class Converter : JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return new RawJson(document.RootElement.GetRawText());
        }

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Text, skipInputValidation: true);
    }
}

[Description("A memory that was stored.")]
internal sealed record RememberedMemory(
    [Description("Its id.")] Guid MemoryId,
    [Description("Where it is stored by now: `postgres`; `valkey` and `zep`, when they are configured and have acknowledged it. With an `Idempotency-Key` the first only.")] string[] StoredIn,
    [Description("Where it will be stored later: `zep`, when it is configured, the memory's importance is 0.7 or more, and Zep has not taken it within its budget.")] string[] QueuedFor,
    [Description("The client's session in Zep: `client_` and the client's id.")] string ZepSessionId,
    [Description("Its importance, given or estimated."), Range(0, 1)] double SalienceScore,
    [Description("How far it reaches."), ValuesOf(typeof(MemoryNames), nameof(MemoryNames.Scopes))] string MemoryScope,
    [Description("End of its valid time, exclusive; null: none.")] DateTimeOffset? ExpiresAt,
    [Description("The memory this one exactly repeats, which was not stored again. Absent: it is new.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? DuplicateOf)
{
    public static RememberedMemory Of(RememberReceipt receipt) => new(
        receipt.MemoryId, [.. StoredInOf(receipt)], receipt.InZep == ZepDelivery.Queued ? ["zep"] : [], SessionKey.Of(receipt.ClientId), receipt.Salience, MemoryNames.Of(receipt.Scope),
        receipt.ExpiresAt, receipt.IsRepeat ? receipt.MemoryId : null);

    private static IEnumerable<string> StoredInOf(RememberReceipt receipt)
    {
        yield return "postgres";
        if (receipt.IsInValkey)
        {
            yield return "valkey";
        }

        if (receipt.InZep == ZepDelivery.Sent)
        {
            yield return "zep";
        }
    }
}

[Description("Memories that were stored.")]
internal sealed record RememberedBatch([Description("One for each memory, in the order of the request.")] RememberedMemory[] Items);

[Description("What a client's memory has for a question.")]
internal sealed record RecallResults(
    [Description("The question.")] string Query,
    [Description("Whose memory was asked.")] string ClientId,
    [Description("Best first.")] RecallResult[] Results,
    [Description("How many.")] int ResultCount,
    [Description("Whether an answer that was given before is repeated.")] bool Cached,
    [Description("What is missing from the answer: `hot_index`, only the newest events were searched; `postgres`, it cannot be reached just now; `embeddings`, the question could not be embedded; `retention`, it is asked of a time of which memories have been deleted since they were kept long enough; `valkey`, the shared cache fails just now, which costs time and nothing else; `zep`, it is configured, but did not answer in time or may not be asked just now. Empty: nothing.")] string[] Degraded,
    [Description("How long the search took, in milliseconds.")] double SearchTimeMs)
{
    public static RecallResults Of(RecallCall call, RecallAnswer answer, double searchTimeMs) => new(
        call.Request.Query, call.ClientId, Array.ConvertAll(ImmutableCollectionsMarshal.AsArray(answer.Hits)!, RecallResult.Of), answer.Hits.Length,
        answer.Cached, [.. answer.Degraded], searchTimeMs);
}

[Description("What a client's memory has for a question, as text for a prompt.")]
internal sealed record RecallContext(
    [Description("The question.")] string Query,
    [Description("Whose memory was asked.")] string ClientId,
    [Description("One line for each memory, best first; empty when nothing matches.")] string Context,
    [Description("The memories in it, in their order.")] ContextSource[] Results,
    [Description("How many memories are in it.")] int ResultCount,
    [Description("How many that matched found no room.")] int LeftOut,
    [Description("Estimated tokens of the text, at most `max_tokens`.")] int TokenCount,
    [Description("The budget.")] int MaxTokens,
    [Description("Whether an answer that was given before is repeated.")] bool Cached,
    [Description("What is missing from the answer: `hot_index`, only the newest events were searched; `postgres`, it cannot be reached just now; `embeddings`, the question could not be embedded; `retention`, it is asked of a time of which memories have been deleted since they were kept long enough; `valkey`, the shared cache fails just now, which costs time and nothing else; `zep`, it is configured, but did not answer in time or may not be asked just now. Empty: nothing.")] string[] Degraded,
    [Description("How long the search took, in milliseconds.")] double SearchTimeMs)
{
    public static RecallContext Of(RecallCall call, RecallAnswer answer, double searchTimeMs)
    {
        var text = new ContextText(call.MaxTokens!.Value);
        var fitting = answer.Hits.TakeWhile(text.TryAdd).Select(ContextSource.Of).ToArray();
        return new RecallContext(
            call.Request.Query, call.ClientId, text.ToString(), fitting, fitting.Length, answer.Hits.Length - fitting.Length, text.Tokens,
            call.MaxTokens.Value, answer.Cached, [.. answer.Degraded], searchTimeMs);
    }
}

[Description("A memory in a context: an event has a `memory_id`, a fact a `fact_id`, what Zep alone knows a `zep_id`.")]
internal sealed record ContextSource(
    [Description("Id of the event.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? MemoryId,
    [Description("Id of the fact.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? FactId,
    [Description("Zep's id of the fact.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ZepId,
    [Description("How well it matches; comparable between questions."), Range(0, 1)] double SimilarityScore)
{
    public static ContextSource Of(RecallHit hit) => new(hit.Event?.Id, hit.Fact?.Id, hit.Zep?.ZepId, Math.Round(hit.Similarity, 4));
}

[Description("A memory that matches a question: an event has a `memory_id`, a fact a `fact_id` and a subject, a fact that Zep alone knows a `zep_id`.")]
internal sealed record RecallResult(
    [Description("Id of the event.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? MemoryId,
    [Description("Id of the fact.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? FactId,
    [Description("Zep's id of the fact.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ZepId,
    [Description("What was remembered, or what is true.")] string Content,
    [Description("How well it matches; comparable between questions."), Range(0, 1)] double SimilarityScore,
    [Description("Where it was found."), ValuesOf(typeof(RecallResult), nameof(RecallResult.Sources))] string Source,
    [Description("Kind of memory."), ValuesOf(typeof(MemoryNames), nameof(MemoryNames.Kinds))] string MemoryType,
    [Description("How far it reaches; a fact that is shared reaches all."), ValuesOf(typeof(MemoryNames), nameof(MemoryNames.Scopes))] string MemoryScope,
    [Description("Who said it; null: not known.")] string? Speaker,
    [Description("Conversation it is part of; null: none.")] string? ConversationId,
    [Description("Kind of entity the fact is about.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SubjectType,
    [Description("Which entity the fact is about.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SubjectId,
    [Description("Kind of fact.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? FactType,
    [Description("Since when it is known.")] DateTimeOffset CreatedAt,
    [Description("When it happened, or began to be true.")] DateTimeOffset OccurredAt,
    [Description("Start of its valid time.")] DateTimeOffset ValidFrom,
    [Description("End of its valid time, exclusive; null: none.")] DateTimeOffset? ValidTo,
    [Description("What was given with it.")] RawJson Metadata,
    RecallWhy Why)
{
    public static IReadOnlyList<string> Sources { get; } = ["event", "fact", "zep"];

    public static RecallResult Of(RecallHit hit)
    {
        var score = Math.Round(hit.Similarity, 4);
        var why = new RecallWhy([.. hit.MatchedTerms], [.. RecallWhy.ReasonsOf(hit.Reasons)], Math.Round(hit.Bm25, 4));
        return hit.Fact is { } fact ? Of(fact, score, why) : hit.Zep is { } known ? Of(known, score, why) : Of(hit.Event!, score, why);
    }

    private static RecallResult Of(EventRecord memory, double score, RecallWhy why) => new(
        memory.Id, null, null, memory.Content, score, Sources[0], MemoryNames.Of(memory.Type), MemoryNames.Of(memory.Scope), memory.Speaker,
        memory.ConversationId, null, null, null, memory.CreatedAt, memory.OccurredAt, memory.OccurredAt, memory.ExpiresAt,
        new RawJson(memory.MetadataJson), why);

    private static RecallResult Of(FactRecord fact, double score, RecallWhy why) => new(
        null, fact.Id, null, fact.Content, score, Sources[1], MemoryNames.Of(MemoryKind.Fact), MemoryNames.Of(ScopeOf(fact)), null, null,
        fact.Subject.Type, fact.Subject.Id, fact.FactType, fact.CreatedAt, fact.ValidFrom, fact.ValidFrom, fact.ValidTo,
        new RawJson(fact.MetadataJson), why);

    // What is not known of it is what Zep was told it by.
    private static RecallResult Of(ZepMemory fact, double score, RecallWhy why) => new(
        null, null, fact.ZepId, fact.Content, score, Sources[2], MemoryNames.Of(MemoryKind.Fact), MemoryNames.Of(Actors.Sessions.MemoryScope.User), null, null,
        null, null, null, fact.CreatedAt, fact.ValidFrom ?? fact.CreatedAt, fact.ValidFrom ?? fact.CreatedAt, fact.ValidTo, new RawJson("{}"), why);

    // A fact has the scope of its client, global when it is shared.
    private static MemoryScope ScopeOf(FactRecord fact) => fact.Subject.ClientId is null ? Actors.Sessions.MemoryScope.Global : Actors.Sessions.MemoryScope.User;
}

[Description("Why a memory was found.")]
internal sealed record RecallWhy(
    [Description("The question's words that it has, without accents.")] string[] MatchedTerms,
    [Description("What else speaks for it: `context`, neighbours in its conversation have words of the question; `related_words`, it has words related to them; `speaker`, the one speaker the question names said it; `date`, it happened about when the question says; `answer_type`, it has times, numbers or names, which the question asks for; `meaning`, it is near in meaning by embeddings; `zep`, Zep found it.")]
    [property: ValuesOf(typeof(RecallWhy), nameof(RecallWhy.Names))] string[] Reasons,
    [Description("Raw BM25 score of its words and of what its neighbours in the conversation lend it; 0: found by meaning, or by Zep, alone.")] double Bm25)
{
    private static readonly (RecallReasons Reason, string Name)[] Named =
    [
        (RecallReasons.Context, "context"),
        (RecallReasons.RelatedWords, "related_words"),
        (RecallReasons.Speaker, "speaker"),
        (RecallReasons.Date, "date"),
        (RecallReasons.AnswerType, "answer_type"),
        (RecallReasons.Meaning, "meaning"),
        (RecallReasons.Zep, "zep"),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Named.Select(r => r.Name)];

    public static IEnumerable<string> ReasonsOf(RecallReasons reasons) => Named.Where(r => reasons.HasFlag(r.Reason)).Select(r => r.Name);
}

[Description("A stored event.")]
internal sealed record EventAnswer(
    [Description("Its id.")] Guid MemoryId,
    [Description("Whose memory it is.")] string ClientId,
    [Description("What was remembered.")] string Content,
    [Description("Kind of memory."), ValuesOf(typeof(MemoryNames), nameof(MemoryNames.Types))] string MemoryType,
    [Description("How far it reaches."), ValuesOf(typeof(MemoryNames), nameof(MemoryNames.Scopes))] string MemoryScope,
    [Description("Its importance, given or estimated."), Range(0, 1)] double SalienceScore,
    [Description("Conversation it is part of; null: none.")] string? ConversationId,
    [Description("Who said it; null: not known.")] string? Speaker,
    [Description("Execution run it belongs to; null: none.")] Guid? RunId,
    [Description("When it happened: the start of its valid time.")] DateTimeOffset OccurredAt,
    [Description("Since when it is known.")] DateTimeOffset CreatedAt,
    [Description("End of its valid time, exclusive; null: none.")] DateTimeOffset? ExpiresAt,
    [Description("The fact it was promoted to; null: none.")] Guid? PromotedToFactId,
    [Description("What was given with it.")] RawJson Metadata)
{
    public static EventAnswer Of(EventRecord memory) => new(
        memory.Id,
        memory.ClientId,
        memory.Content,
        MemoryNames.Of(memory.Type),
        MemoryNames.Of(memory.Scope),
        memory.Salience,
        memory.ConversationId,
        memory.Speaker,
        memory.RunId,
        memory.OccurredAt,
        memory.CreatedAt,
        memory.ExpiresAt,
        memory.PromotedToFactId,
        new RawJson(memory.MetadataJson));
}

[Description("One page of events.")]
internal sealed record EventList(
    [Description("Newest first.")] EventAnswer[] Items,
    [Description("The `cursor` of the next page; null: this is the last.")] string? NextCursor,
    [Description(RetentionAnswers.Description)] string[] Degraded);
