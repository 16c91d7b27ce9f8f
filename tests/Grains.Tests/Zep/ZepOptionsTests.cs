using Actors.Zep;
using Microsoft.Extensions.Options;

namespace Actors.Grains.Tests.Zep;

public class ZepOptionsTests
{
    [Fact]
    public void without_a_key_Zep_is_off_and_that_is_right()
    {
        var options = new ZepOptions();

        Assert.False(options.IsOn);
        Assert.True(Validate(options).Succeeded);
    }

    [Theory]
    [InlineData("Address", "Zep:BaseUrl must be an http or https address")]
    [InlineData("User", "Zep:BaseUrl must be an http or https address")]
    [InlineData("Key", "Zep:ApiKey must be of printable ASCII")]
    [InlineData("Timeout", "Zep:Timeout must be positive")]
    [InlineData("Budget", "Zep:SearchBudget must be positive")]
    [InlineData("Hits", "Zep:SearchHits must be 1 to 50")]
    [InlineData("Enough", "Zep:GoodEnough must be 0 to 1")]
    public void each_fault_is_named_and_the_key_is_not_quoted(string fault, string message)
    {
        var options = new ZepOptions { ApiKey = "z_very-secret" };
        switch (fault)
        {
            case "Address": options.BaseUrl = "api.getzep.com/api/v2"; break;
            case "User": options.BaseUrl = "https://user:z_very-secret@api.getzep.com"; break;
            case "Key": options.ApiKey = "z_very-secret\n"; break;
            case "Timeout": options.Timeout = TimeSpan.Zero; break;
            case "Budget": options.SearchBudget = TimeSpan.Zero; break;
            case "Hits": options.SearchHits = 51; break;
            case "Enough": options.GoodEnough = 1.1; break;
        }

        var failure = Assert.Single(Validate(options).Failures!);
        Assert.StartsWith(message, failure, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure, StringComparison.Ordinal);
    }

    private static ValidateOptionsResult Validate(ZepOptions options) => new ZepValidation().Validate(null, options);
}
