using Microsoft.Extensions.Options;

namespace Actors.Embeddings;

/// <summary>
/// Which endpoint makes vectors of memories and questions, and how much is asked of it. Configuration section <c>Embeddings</c>. Without
/// an <see cref="Endpoint"/> nothing is sent anywhere and recall ranks by words alone.
/// </summary>
internal sealed class EmbeddingsOptions
{
    /// <summary>
    /// Base address of an OpenAI-compatible API, to which <c>/embeddings</c> is appended, for example <c>https://api.openai.com/v1</c>.
    /// Empty, the default: embeddings are off.
    /// </summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Sent as bearer token; empty, the default: none, as local servers want it.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>The model's name at the endpoint, 1 to 200 characters; required with an endpoint.</summary>
    public string Model { get; set; } = "";

    /// <summary>
    /// Asked of the endpoint and expected in its answers, 1 to 8,192; null, the default: as many as the model has. Fewer take less
    /// memory: a memory costs one byte per dimension where it is hot, and in Postgres.
    /// </summary>
    public int? Dimensions { get; set; }

    /// <summary>Most memories sent in one request, 1 to 2,048 (OpenAI's limit); default 64.</summary>
    public int BatchSize { get; set; } = 64;

    /// <summary>When a request is given up, positive, at most 10 min; default 30 s. Nobody waits for it but the background.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a recall waits for its question's vector before it goes on without, positive, at most 10 s; default 300 ms.</summary>
    public TimeSpan QuestionBudget { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Most requests a minute from one process, 1 to 1,000,000; default 600. Half of a burst is kept for questions.</summary>
    public int RequestsPerMinute { get; set; } = 600;

    /// <summary>How many characters of a text are sent, 1 to 262,144; default 8,000. Models read no more than some 8,000 tokens.</summary>
    public int LongestText { get; set; } = 8_000;

    /// <summary>Put before each question, at most 100 characters; empty by default. Some models want <c>query: </c> or the like.</summary>
    public string QuestionPrefix { get; set; } = "";

    /// <summary>Put before each memory, at most 100 characters; empty by default. With another one all memories are embedded again.</summary>
    public string MemoryPrefix { get; set; } = "";

    /// <summary>Most questions whose vectors a process keeps, 0 to 100,000; default 1,000. The longest unused goes first.</summary>
    public int CachedQuestions { get; set; } = 1_000;

    /// <summary>Time between two looks for memories without vectors, and for new vectors of hot sessions: 10 ms to 1 day; default 500 ms.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether there is an endpoint.</summary>
    public bool IsOn => Endpoint.Length > 0;

    /// <summary>What decides whether two vectors can be compared; kept with each of them.</summary>
    public string ModelKey => $"{Model}{(Dimensions is { } dimensions ? $"#{dimensions}" : "")}{(MemoryPrefix.Length > 0 ? $"#{MemoryPrefix}" : "")}";
}

/// <summary>Says at the start what is wrong with the settings; never quotes the key.</summary>
internal sealed class EmbeddingsValidation : IValidateOptions<EmbeddingsOptions>
{
    // A request is made in memory, several times as large.
    private const int MostCharacters = 32 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, EmbeddingsOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(EmbeddingsOptions o) =>
        from rule in new (bool Holds, string Otherwise)[]
        {
            (o.IsOn || (o.Model.Length == 0 && o.ApiKey.Length == 0), "Endpoint is missing, though Model or ApiKey is set."),
            (!o.IsOn || IsBaseAddress(o.Endpoint), "Endpoint must be an http or https address without user, query and fragment."),
            (!o.IsOn || o.Model.Length is >= 1 and <= 200, "Model must be named with the endpoint, in at most 200 characters."),
            (o.ApiKey.All(c => c is > ' ' and <= '~'), "ApiKey must be of printable ASCII characters without blanks."),
            (o.Dimensions is null or (>= 1 and <= QuantizedVector.MaxDimensions), $"Dimensions must be 1 to {QuantizedVector.MaxDimensions}."),
            (o.BatchSize is >= 1 and <= 2_048, "BatchSize must be 1 to 2048."),
            (o.Timeout > TimeSpan.Zero && o.Timeout <= TimeSpan.FromMinutes(10), "Timeout must be positive and at most 10 minutes."),
            (o.QuestionBudget > TimeSpan.Zero && o.QuestionBudget <= TimeSpan.FromSeconds(10), "QuestionBudget must be positive and at most 10 seconds."),
            (o.RequestsPerMinute is >= 1 and <= 1_000_000, "RequestsPerMinute must be 1 to 1000000."),
            (o.LongestText is >= 1 and <= 262_144, "LongestText must be 1 to 262144."),
            ((long)o.BatchSize * o.LongestText <= MostCharacters, $"BatchSize times LongestText must be at most {MostCharacters}."),
            (o.QuestionPrefix.Length <= 100 && o.MemoryPrefix.Length <= 100, "QuestionPrefix and MemoryPrefix must have at most 100 characters."),
            (o.CachedQuestions is >= 0 and <= 100_000, "CachedQuestions must be 0 to 100000."),
            (o.PollInterval >= TimeSpan.FromMilliseconds(10) && o.PollInterval <= TimeSpan.FromDays(1), "PollInterval must be 10 milliseconds to 1 day."),
        }
        where !rule.Holds
        select $"Embeddings:{rule.Otherwise}";

    /// <summary>Whether a text is an address to append paths to.</summary>
    public static bool IsBaseAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address is { UserInfo: "", Query: "", Fragment: "" };
}
