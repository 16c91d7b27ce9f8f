using Actors.Embeddings;
using Microsoft.Extensions.Options;

namespace Actors.Zep;

/// <summary>
/// How Zep Cloud is reached, and what recall asks of it. Configuration section <c>Zep</c>. Without a key nothing is sent anywhere, and nothing
/// is missing but Zep.
/// </summary>
internal sealed class ZepOptions
{
    /// <summary>
    /// Base address of the API, taken as it is: paths are appended, nothing else. Default: Zep Cloud's, whose third version is found under the
    /// second's prefix.
    /// </summary>
    public string BaseUrl { get; set; } = "https://api.getzep.com/api/v2";

    /// <summary>Key of a Zep project; also the environment variable <c>ZEP_API_KEY</c>. Empty, the default: Zep is off.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>When a call is given up, positive, at most 10 min; default 20 s. Nobody waits for it but the background.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a recall waits for Zep in all before it goes on without, positive, at most 10 s; default 500 ms.</summary>
    public TimeSpan SearchBudget { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Most hits of Zep in an answer, 1 to <see cref="ZepLimits.SearchHits"/>; default 10.</summary>
    public int SearchHits { get; set; } = 10;

    /// <summary>
    /// Zep is not asked when the best result found here scores as much, 0 to 1; default 0.9: on the notes of tests/Recall.Corpus 22 % of the
    /// questions have such a result, and it is the right one for 98 % of those. 0: Zep is asked only when nothing is found here; 1: unless it scores 1.
    /// </summary>
    public double GoodEnough { get; set; } = 0.9;

    /// <summary>
    /// Hits that Zep scores lower are left out, 0 to 1; default 0.1. A cross-encoder gives facts that have nothing to do with a question a little, too.
    /// </summary>
    public double LeastScore { get; set; } = 0.1;

    /// <summary>Whether there is a key.</summary>
    public bool IsOn => ApiKey.Length > 0;
}

/// <summary>Says at the start what is wrong with the settings; never quotes the key.</summary>
internal sealed class ZepValidation : IValidateOptions<ZepOptions>
{
    public ValidateOptionsResult Validate(string? name, ZepOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(ZepOptions o) =>
        from rule in new (bool Holds, string Otherwise)[]
        {
            (EmbeddingsValidation.IsBaseAddress(o.BaseUrl), "BaseUrl must be an http or https address without user, query and fragment."),
            (o.ApiKey.All(c => c is > ' ' and <= '~'), "ApiKey must be of printable ASCII characters without blanks."),
            (o.Timeout > TimeSpan.Zero && o.Timeout <= TimeSpan.FromMinutes(10), "Timeout must be positive and at most 10 minutes."),
            (o.SearchBudget > TimeSpan.Zero && o.SearchBudget <= TimeSpan.FromSeconds(10), "SearchBudget must be positive and at most 10 seconds."),
            (o.SearchHits is >= 1 and <= ZepLimits.SearchHits, $"SearchHits must be 1 to {ZepLimits.SearchHits}."),
            (o.GoodEnough is >= 0 and <= 1, "GoodEnough must be 0 to 1."),
            (o.LeastScore is >= 0 and <= 1, "LeastScore must be 0 to 1."),
        }
        where !rule.Holds
        select $"Zep:{rule.Otherwise}";
}
