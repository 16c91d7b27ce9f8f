using Actors.Embeddings;
using Actors.Support;
using Microsoft.Extensions.Options;

namespace Actors.Grains.Tests.Embeddings;

public class EmbeddingsOptionsTests
{
    [Fact]
    public void nothing_is_configured_by_default_and_that_is_right()
    {
        var options = new EmbeddingsOptions();

        Assert.False(options.IsOn);
        Assert.True(Validate(options).Succeeded);
    }

    [Theory]
    [InlineData("Model", "Embeddings:Endpoint is missing")]
    [InlineData("Endpoint", "Embeddings:Model must be named")]
    [InlineData("Address", "Embeddings:Endpoint must be an http or https address")]
    [InlineData("User", "Embeddings:Endpoint must be an http or https address")]
    [InlineData("Key", "Embeddings:ApiKey must be of printable ASCII")]
    [InlineData("Dimensions", "Embeddings:Dimensions must be 1 to 8192")]
    [InlineData("Batch", "Embeddings:BatchSize must be 1 to 2048")]
    [InlineData("Budget", "Embeddings:QuestionBudget must be positive")]
    public void each_fault_is_named_and_the_key_is_not_quoted(string fault, string message)
    {
        var options = new EmbeddingsOptions { Endpoint = "https://api.openai.com/v1", Model = "small", ApiKey = "sk-very-secret" };
        switch (fault)
        {
            case "Model": options.Endpoint = ""; break;
            case "Endpoint": options.Model = ""; break;
            case "Address": options.Endpoint = "api.openai.com/v1"; break;
            case "User": options.Endpoint = "https://user:sk-very-secret@api.openai.com/v1"; break;
            case "Key": options.ApiKey = "sk-very-secret\n"; break;
            case "Dimensions": options.Dimensions = 8_193; break;
            case "Batch": options.BatchSize = 0; break;
            case "Budget": options.QuestionBudget = TimeSpan.Zero; break;
        }

        var failure = Assert.Single(Validate(options).Failures!);
        Assert.StartsWith(message, failure, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void vectors_are_told_apart_by_all_that_decides_about_them()
    {
        var options = new EmbeddingsOptions { Model = "small" };
        Assert.Equal("small", options.ModelKey);
        options.Dimensions = 512;
        Assert.Equal("small#512", options.ModelKey);
        options.MemoryPrefix = "passage: ";
        Assert.Equal("small#512#passage: ", options.ModelKey);
    }

    [Fact]
    public async Task a_service_with_wrong_settings_does_not_start()
    {
        await using var database = await TestPostgres.CreateAsync();

        var failure = await Record.ExceptionAsync(() => GrainHost.StartAsync(database, settings: [("Embeddings:Endpoint", "nowhere"), ("Embeddings:Model", "small")]));

        Assert.Contains("Embeddings:Endpoint must be", failure!.ToString(), StringComparison.Ordinal);
    }

    private static ValidateOptionsResult Validate(EmbeddingsOptions options) => new EmbeddingsValidation().Validate(null, options);
}
