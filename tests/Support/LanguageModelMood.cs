namespace Actors.Support;

/// <summary>What a <see cref="FakeLanguageModel"/> does with a request.</summary>
public enum LanguageModelMood
{
    /// <summary>Answers with <see cref="FakeLanguageModel.Plan"/>, or with <see cref="FakeLanguageModel.Facts"/>.</summary>
    Well,

    /// <summary>The same within the marks of a code block.</summary>
    Fenced,

    /// <summary>Answers in the wrong schema, and well when it is told so.</summary>
    RepairedAtOnce,

    /// <summary>Answers with what the text of the intent, or of the memory, wants, after <see cref="FakeLanguageModel.Injection"/>.</summary>
    Obedient,

    /// <summary>Answers once <see cref="FakeLanguageModel.Release"/> is called, or the caller has gone.</summary>
    Slow,

    /// <summary>200 with HTML.</summary>
    Garbage,

    /// <summary>Well-formed, and nothing in it.</summary>
    Empty,

    /// <summary>Two megabytes of text.</summary>
    Endless,

    /// <summary>Text that is no JSON.</summary>
    Prose,

    /// <summary>JSON of another schema.</summary>
    WrongSchema,

    /// <summary>Steps that depend on each other.</summary>
    Circular,

    /// <summary>A refusal, in the member for it.</summary>
    Refusal,

    /// <summary>Half an answer, for it took too many tokens.</summary>
    CutOff,

    /// <summary>401, quoting the key as OpenAI does.</summary>
    Unauthorized,

    /// <summary>429.</summary>
    RateLimited,

    /// <summary>500.</summary>
    Broken,

    /// <summary>Breaks the connection.</summary>
    Breaks,
}

/// <summary>A request as it came.</summary>
public sealed record FakeChat(string Authorization, string Model, IReadOnlyList<(string Role, string Text)> Messages, string Schema, int? MaxTokens = null);
