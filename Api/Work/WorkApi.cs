namespace Actors.Work;

/// <summary>Routes of work: tasks, projects and sprints of a client, each changed by that client's grain alone.</summary>
internal static class WorkApi
{
    public const int DefaultPage = 50;
    public const int MaxPage = 500;

    public static void MapWork(this IEndpointRouteBuilder app)
    {
        app.MapTasks();
        app.MapProjects();
        app.MapSprints();
    }

    /// <param name="grains">Where.</param>
    /// <param name="clientId">Whose work; null: the house's.</param>
    public static IWorkGrain Writer(IGrainFactory grains, string? clientId) => grains.GetGrain<IWorkGrain>(IWorkGrain.KeyOf(clientId));

    public static IWorkQueryGrain Reader(IGrainFactory grains) => grains.GetGrain<IWorkQueryGrain>(IWorkQueryGrain.Key);
}
