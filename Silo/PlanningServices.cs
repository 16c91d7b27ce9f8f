using Actors.Planning;
using Microsoft.Extensions.DependencyInjection;

namespace Actors.Hosting;

/// <summary>What makes and keeps plans.</summary>
internal static class PlanningServices
{
    public static IServiceCollection AddPlanning(this IServiceCollection services)
    {
        services.AddSingleton<PlanStore>();
        services.AddSingleton<PlanQueryStore>();
        services.AddSingleton<PlanMaterialStore>();
        return services.AddSingleton<PlanMaterialSource>();
    }
}
