using Actors.LanguageModels;

namespace Actors.Grains.Tests.LanguageModels;

public class LanguageModelOptionsTests
{
    [Fact]
    public void the_defaults_are_off_and_sound() => Assert.True(Validate(new LanguageModelOptions()).Succeeded);

    [Fact]
    public void what_is_wrong_is_named_and_the_key_is_not_quoted()
    {
        var result = Validate(new LanguageModelOptions { Endpoint = "ftp://x", ApiKey = "sk secret", Timeout = TimeSpan.FromMinutes(1) });

        Assert.Equal(["Endpoint", "Model", "ApiKey", "Timeout"], result.Failures!.Select(failure => failure.Split(':', ' ')[1]));
        Assert.DoesNotContain("secret", result.FailureMessage, StringComparison.Ordinal);
        Assert.True(Validate(new LanguageModelOptions { Model = "m" }).Failed);
    }

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(LanguageModelOptions options) => new LanguageModelValidation().Validate(null, options);
}
