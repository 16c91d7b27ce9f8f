using Actors.LanguageModels;
using Microsoft.Extensions.Options;

namespace Actors.Extraction.Tests;

public class ExtractionOptionsTests
{
    [Fact]
    public void the_defaults_are_rules_and_sound() => Assert.True(Validate(new ExtractionOptions(), endpoint: "").Succeeded);

    [Fact]
    public void what_is_wrong_is_named()
    {
        var result = Validate(new ExtractionOptions { Extractor = "magic", MonthlyTokens = 1, Timeout = TimeSpan.Zero, LongestText = 1, LongestAnswer = 1 }, endpoint: "");

        Assert.Equal(["Extractor", "MonthlyTokens", "Timeout", "LongestText", "LongestAnswer"], result.Failures!.Select(failure => failure.Split(':', ' ')[1]));
        Assert.True(Validate(new ExtractionOptions { Extractor = "llm" }, endpoint: "").Failed);
        Assert.True(Validate(new ExtractionOptions { Extractor = "llm" }, endpoint: "http://localhost").Succeeded);
    }

    private static ValidateOptionsResult Validate(ExtractionOptions options, string endpoint) =>
        new ExtractionValidation(Options.Create(new LanguageModelOptions { Endpoint = endpoint })).Validate(null, options);
}
