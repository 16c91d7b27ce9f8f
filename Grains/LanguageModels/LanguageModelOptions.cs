using Microsoft.Extensions.Options;

namespace Actors.LanguageModels;

/// <summary>
/// Which language model writes plans, and finds facts in memories if it is asked to. Configuration section <c>Llm</c>. Without an
/// <see cref="Endpoint"/> nothing is sent anywhere and rules do both.
/// </summary>
internal sealed class LanguageModelOptions
{
    /// <summary>
    /// Base address of an OpenAI-compatible API, to which <c>/chat/completions</c> is appended, for example
    /// <c>https://openrouter.ai/api/v1</c>. Empty, the default: no model.
    /// </summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Sent as bearer token; empty, the default: <c>none</c> is sent, which local servers do not look at.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>The model's name at the endpoint, 1 to 200 characters; required with an endpoint.</summary>
    public string Model { get; set; } = "";

    /// <summary>How long a plan may take the model, a second attempt included: 100 ms to 25 s; default 8 s, so that a plan takes less than 10.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Whether there is a model.</summary>
    public bool IsOn => Endpoint.Length > 0;
}

/// <summary>Says at the start what is wrong with the settings; never quotes the key.</summary>
internal sealed class LanguageModelValidation : IValidateOptions<LanguageModelOptions>
{
    public ValidateOptionsResult Validate(string? name, LanguageModelOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(LanguageModelOptions o) =>
        from rule in new (bool Holds, string Otherwise)[]
        {
            (o.IsOn || (o.Model.Length == 0 && o.ApiKey.Length == 0), "Endpoint is missing, though Model or ApiKey is set."),
            (!o.IsOn || Embeddings.EmbeddingsValidation.IsBaseAddress(o.Endpoint), "Endpoint must be an http or https address without user, query and fragment."),
            (!o.IsOn || o.Model.Length is >= 1 and <= 200, "Model must be named with the endpoint, in at most 200 characters."),
            (o.ApiKey.All(c => c is > ' ' and <= '~'), "ApiKey must be of printable ASCII characters without blanks."),
            (o.Timeout >= TimeSpan.FromMilliseconds(100) && o.Timeout <= TimeSpan.FromSeconds(25), "Timeout must be 100 milliseconds to 25 seconds."),
        }
        where !rule.Holds
        select $"Llm:{rule.Otherwise}";
}
