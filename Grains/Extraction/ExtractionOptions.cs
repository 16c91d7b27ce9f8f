using Actors.LanguageModels;
using Microsoft.Extensions.Options;

namespace Actors.Extraction;

/// <summary>What finds facts in memories. Configuration section <c>Extraction</c>.</summary>
internal sealed class ExtractionOptions
{
    public const string Rules = "rules";
    public const string Llm = "llm";

    /// <summary>
    /// <c>rules</c>, the default, or <c>llm</c>: the language model of the section <c>Llm</c>. While that one fails memories wait for it; rules do not
    /// step in.
    /// </summary>
    public string Extractor { get; set; } = Rules;

    /// <summary>Tokens a client's memories may cost in a month of UTC, questions and answers together; 1,000 to 1,000,000,000; default 200,000, some 100 to 200 memories.</summary>
    public long MonthlyTokens { get; set; } = 200_000;

    /// <summary>How long a memory may take the model, a second question included: 1 s to 5 min; default 1 min. Only the background waits for it.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Characters of a memory that are sent, 100 to 100,000; default 8,000. The rest of a longer one is not looked at by the model.</summary>
    public int LongestText { get; set; } = 8_000;

    /// <summary>
    /// Most tokens of an answer, 200 to 4,000; default 2,000. Sent as <c>max_completion_tokens</c>, and set apart before each question. A model that
    /// thinks first needs more than its facts take.
    /// </summary>
    public int LongestAnswer { get; set; } = 2_000;
}

/// <summary>Says at the start what is wrong with the settings.</summary>
internal sealed class ExtractionValidation(IOptions<LanguageModelOptions> model) : IValidateOptions<ExtractionOptions>
{
    public ValidateOptionsResult Validate(string? name, ExtractionOptions options)
    {
        var faults = (from rule in new (bool Holds, string Otherwise)[]
                      {
                          (options.Extractor is ExtractionOptions.Rules or ExtractionOptions.Llm, "Extractor must be rules or llm."),
                          (options.Extractor != ExtractionOptions.Llm || model.Value.IsOn, "Extractor is llm, but Llm:Endpoint is missing."),
                          (options.MonthlyTokens is >= 1_000 and <= 1_000_000_000, "MonthlyTokens must be 1000 to 1000000000."),
                          (options.Timeout >= TimeSpan.FromSeconds(1) && options.Timeout <= TimeSpan.FromMinutes(5), "Timeout must be 1 second to 5 minutes."),
                          (options.LongestText is >= 100 and <= 100_000, "LongestText must be 100 to 100000."),
                          (options.LongestAnswer is >= 200 and <= 4_000, "LongestAnswer must be 200 to 4000."),
                      }
                      where !rule.Holds
                      select $"Extraction:{rule.Otherwise}").ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
