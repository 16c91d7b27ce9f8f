using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Headers;
using Actors.Outside;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Chat;

namespace Actors.LanguageModels;

/// <summary>
/// The configured language model behind an OpenAI-compatible endpoint. Made only when there is one. Requests are not repeated: whoever
/// asks for a plan has not the time, and whoever asks in the background comes again.
/// </summary>
internal sealed class LanguageModel : IDisposable
{
    private const int MaxAnswerBytes = 1024 * 1024;

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    private readonly HttpClient _http = new(new LimitedAnswers(new SocketsHttpHandler
    {
        // Whoever redirects would be given key and texts, and is not who was configured.
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    }));

    private readonly ChatClient _chat;
    private readonly CallRecord _record;
    private readonly TimeProvider _time;

    public LanguageModel(IOptions<LanguageModelOptions> options, TimeProvider time)
    {
        var o = options.Value;
        (_time, _record, Name) = (time, new CallRecord(time), o.Model);
        _http.Timeout = Timeout.InfiniteTimeSpan;
        _chat = new ChatClient(o.Model, new ApiKeyCredential(o.ApiKey.Length > 0 ? o.ApiKey : "none"), new OpenAIClientOptions
        {
            Endpoint = new Uri(o.Endpoint),
            Transport = new HttpClientPipelineTransport(_http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        });
    }

    /// <summary>What the last requests came to.</summary>
    public CallState State => _record.State;

    /// <summary>What the model is called at its endpoint.</summary>
    public string Name { get; }

    /// <summary>Asks for an answer of a certain shape.</summary>
    /// <param name="conversation">What was said so far.</param>
    /// <param name="schemaName">What the shape is called.</param>
    /// <param name="schema">Its JSON schema, in the subset that is known as strict.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="maxTokens">Most tokens of the answer; null: as many as the endpoint allows.</param>
    /// <returns>The answer as it came; not every endpoint holds to the schema.</returns>
    /// <exception cref="AskFailedException">There is no answer.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task<ModelAnswer> AskAsync(IEnumerable<ChatMessage> conversation, string schemaName, BinaryData schema, CancellationToken cancellationToken, int? maxTokens = null)
    {
        var started = _time.GetTimestamp();
        try
        {
            var answer = await AskOnceAsync(conversation, schemaName, schema, maxTokens, cancellationToken);
            _record.Succeeded(_time.GetElapsedTime(started));
            return answer;
        }
        catch (AskFailedException failure)
        {
            _record.Failed(failure.Message);
            throw;
        }
    }

    private async Task<ModelAnswer> AskOnceAsync(IEnumerable<ChatMessage> conversation, string schemaName, BinaryData schema, int? maxTokens, CancellationToken cancellationToken)
    {
        var options = new ChatCompletionOptions { MaxOutputTokenCount = maxTokens, ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(schemaName, schema, jsonSchemaIsStrict: true) };
        try
        {
            ChatCompletion answer = await _chat.CompleteChatAsync(conversation, options, cancellationToken);
            return answer switch
            {
                { Refusal.Length: > 0 } or { FinishReason: ChatFinishReason.ContentFilter } => throw new AskFailedException(AskFailure.Refused, "The language model refused to answer.", tokens: TokensOf(answer)),
                { FinishReason: ChatFinishReason.Length } => throw new AskFailedException(AskFailure.CutOff, "The language model's answer was cut off.", tokens: TokensOf(answer)),
                { Content: [{ Text.Length: > 0 } text, ..] } => new ModelAnswer(text.Text, TokensOf(answer)),
                _ => throw new AskFailedException(AskFailure.Unreadable, "The language model answered nothing.", tokens: TokensOf(answer)),
            };
        }
        catch (ClientResultException failure) when (failure.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
        {
            throw new AskFailedException(AskFailure.Unreadable, $"The language model's answer has more than {MaxAnswerBytes} bytes.");
        }
        catch (ClientResultException failure) when (failure.Status == 0)
        {
            throw failure.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }
                ? new AskFailedException(AskFailure.Unreachable, "The language model's endpoint cannot be reached.")
                : new AskFailedException(AskFailure.Broken, "The connection to the language model's endpoint broke.");
        }
        catch (ClientResultException failure)
        {
            throw new AskFailedException(FailureOf(failure.Status), $"The language model's endpoint answers with status {failure.Status}.", RetryAfter(failure.GetRawResponse()));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // There is no other limit than that of connecting.
            throw new AskFailedException(AskFailure.Unreachable, "The language model's endpoint cannot be connected to.");
        }
        // The package lets whatever it stumbles over in an answer fly: it is no JSON, or lacks what it should have.
        catch (Exception failure) when (failure is not AskFailedException && !cancellationToken.IsCancellationRequested)
        {
            throw new AskFailedException(AskFailure.Unreadable, $"The language model's answer cannot be read ({failure.GetType().Name}).");
        }
    }

    public void Dispose() => _http.Dispose();

    private static AskFailure FailureOf(int status) => status switch
    {
        401 or 403 => AskFailure.Unauthorized,
        404 => AskFailure.Misconfigured,
        429 => AskFailure.Throttled,
        400 or 413 or 422 => AskFailure.NotTaken,
        _ => AskFailure.Failed,
    };

    // As seconds or as a date.
    private TimeSpan? RetryAfter(PipelineResponse? response)
    {
        if (response is null || !response.Headers.TryGetValue("Retry-After", out var text) || !RetryConditionHeaderValue.TryParse(text, out var header))
        {
            return null;
        }

        var wait = header.Delta ?? (header.Date - _time.GetUtcNow()) ?? TimeSpan.Zero;
        return wait <= TimeSpan.Zero ? null : wait < LongestRetryAfter ? wait : LongestRetryAfter;
    }

    // Some endpoints tell nothing, or zeros.
    private static int? TokensOf(ChatCompletion answer) => answer.Usage is { TotalTokenCount: > 0 } usage ? usage.TotalTokenCount : null;

    private sealed class LimitedAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
            return response;
        }
    }
}

/// <summary>What a language model answered.</summary>
/// <param name="Text">Its words.</param>
/// <param name="Tokens">What question and answer cost; null: the endpoint does not say.</param>
internal sealed record ModelAnswer(string Text, int? Tokens);
