using Actors.Access;
using Actors.Http;
using Actors.OpenApi;
using Actors.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Actors.Clients;

/// <summary>Routes of a client as a whole, for admins: erase, export, import.</summary>
internal static class ClientApi
{
    public static void MapClients(this IEndpointRouteBuilder app)
    {
        var clients = app.MapGroup("/api/v1/clients/{id}").RequireAdmin();
        clients.MapGet("/export", ExportAnswer.SendAsync).Describes(() => ClientDocs.Export);
        clients.MapDelete("/data", EraseAsync).Describes(() => ClientDocs.Erase);
        clients.MapGet("/erasures", ListErasuresAsync).Describes(() => ClientDocs.Erasures);
        clients.MapPost("/import", ImportAnswer.TakeAsync).Describes(() => ClientDocs.Import);
    }

    // Not withdrawn when the caller hangs up: who is to be erased is erased.
    private static async Task<JsonHttpResult<ErasureView>> EraseAsync(string id, IGrainFactory grains, KeyTable keys)
    {
        var receipt = await grains.GetGrain<ISessionGrain>(SessionKey.Of(ClientPath.Of(id))).EraseAsync(CancellationToken.None);
        // Which drops what this process has kept of answers; others do so within a second.
        await keys.TryRefreshAsync(CancellationToken.None);
        return TypedResults.Json(ErasureView.Of(receipt), ApiJson.Answers.ErasureView);
    }

    private static async Task<JsonHttpResult<ErasureList>> ListErasuresAsync(string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var receipts = await grains.GetGrain<IErasureQueryGrain>(IErasureQueryGrain.Key).ListAsync(ClientPath.Of(id), cancellationToken);
        return TypedResults.Json(new ErasureList([.. receipts.Select(ErasureView.Of)]), ApiJson.Answers.ErasureList);
    }
}
