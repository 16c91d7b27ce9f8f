using System.Text.Json;
using Actors.Access;
using Actors.Http;
using Actors.Sessions;

namespace Actors.Promotion;

/// <summary>Reads requests about promotions.</summary>
internal static class PromotionBinding
{
    public const int DefaultPage = 50;
    public const int MaxPage = 500;

    /// <summary>A day, in seconds.</summary>
    public const int MaxRetryDelay = 86_400;

    /// <exception cref="ForbiddenException">It names a client the key was not issued for.</exception>
    public static PromotionListRequest List(IQueryCollection parameters, Caller caller)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var clientId = ClientIds.Of(query, required: false);
        var request = new PromotionListRequest(
            clientId is null ? caller.Visibility : new ClientVisibility([clientId]),
            query.Choice("state", PromotionNames.StateOf, PromotionNames.States),
            query.Integer("limit", 1, MaxPage) ?? DefaultPage,
            IdCursors.Read(query));
        query.RefuseOthers();
        faults.ThrowIfAny();
        caller.EnsureMayRead(clientId);
        return request;
    }

    /// <summary>How long to wait before it is tried again.</summary>
    public static TimeSpan Retry(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var seconds = body.Integer("delay_seconds", 0, MaxRetryDelay) ?? 0;
        body.RefuseOthers();
        faults.ThrowIfAny();
        return TimeSpan.FromSeconds(seconds);
    }
}
