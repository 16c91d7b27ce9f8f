using Actors.Extraction;
using Microsoft.Extensions.DependencyInjection;

namespace Actors.Hosting;

/// <summary>What finds facts in memories.</summary>
internal static class ExtractionServices
{
    public static IServiceCollection AddExtraction(this IServiceCollection services) => services.AddSingleton<IFactExtractor, RuleExtractor>();
}
