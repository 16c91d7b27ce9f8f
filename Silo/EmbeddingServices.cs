using Actors.Embeddings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>What makes, stores and brings the vectors of memories and questions. Without an endpoint nothing of it does anything.</summary>
internal static class EmbeddingServices
{
    public static IServiceCollection AddEmbeddings(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddOptions<EmbeddingsOptions>().BindConfiguration("Embeddings").ValidateOnStart();
        services.AddSingleton<IValidateOptions<EmbeddingsOptions>, EmbeddingsValidation>();
        services.AddSingleton<EmbeddingMetrics>();
        services.AddSingleton<EmbeddingStore>();
        services.AddSingleton<VectorStore>();
        services.AddSingleton<FreshVectors>();
        // These two are made only when there is an endpoint.
        services.AddSingleton<EmbeddingClient>();
        services.AddSingleton<EmbeddingEndpoint>();
        return services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<EmbeddingsOptions>>().Value;
            return new QuestionVectors(
                options.IsOn ? provider.GetRequiredService<EmbeddingEndpoint>() : null, options,
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<EmbeddingMetrics>());
        });
    }
}
