using System.Collections.Immutable;
using System.Text.Json;
using Actors.Http;
using Actors.Sessions;

namespace Actors.Changes;

/// <summary>Reads requests about webhooks.</summary>
internal static class WebhookBinding
{
    public const int DefaultPage = 50;
    public const int MaxPage = 500;

    /// <summary>A day, in seconds.</summary>
    public const int MaxRetryDelay = 86_400;

    /// <summary>Of addresses, as far as a pattern can tell: no blanks, and no name of a user, who would be logged by proxies.</summary>
    public const string UrlPattern = @"^https?://[^\s/?#@\\][^\s@\\#]*$";

    private const string ExpectedUrl = "must be an http or https address, without a user's name and fragment";

    public static NewWebhook New(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var webhook = new NewWebhook(Url(body, required: true) ?? "", ClientIds.Of(body, required: false), Events(body) ?? []);
        body.RefuseOthers();
        faults.ThrowIfAny();
        return webhook;
    }

    /// <summary>What is not there stays.</summary>
    public static WebhookChange Change(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var change = new WebhookChange(
            body.Has("url") ? Url(body, required: true) : null, Events(body), body.Flag("enabled"), body.Flag("rotate_secret") ?? false);
        body.RefuseOthers();
        faults.ThrowIfAny();
        return change;
    }

    /// <summary>How long to wait before a letter is tried again.</summary>
    public static TimeSpan Retry(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var seconds = body.Integer("delay_seconds", 0, MaxRetryDelay) ?? 0;
        body.RefuseOthers();
        faults.ThrowIfAny();
        return TimeSpan.FromSeconds(seconds);
    }

    public static (int Limit, Guid? After) Page(IQueryCollection parameters)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var after = IdCursors.Read(query);
        var limit = query.Integer("limit", 1, MaxPage) ?? DefaultPage;
        query.RefuseOthers();
        faults.ThrowIfAny();
        return (limit, after);
    }

    private static string? Url(JsonObjectReader body, bool required)
    {
        if (body.Text("url", NewWebhook.MaxUrlLength, required) is not { } url)
        {
            return null;
        }

        if (System.Text.RegularExpressions.Regex.IsMatch(url, UrlPattern, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1))
            && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0)
        {
            return url;
        }

        body.Fault("url", ExpectedUrl);
        return null;
    }

    private static ImmutableArray<string>? Events(JsonObjectReader body)
    {
        if (body.Texts("events", ChangeNames.Events.Length, maxLength: 32) is not { } events)
        {
            return null;
        }

        foreach (var (index, name) in events.Index())
        {
            if (!ChangeNames.Events.Contains(name))
            {
                body.FaultAt("events", index, $"must be one of {string.Join(", ", ChangeNames.Events)}");
            }
        }

        return events;
    }
}
