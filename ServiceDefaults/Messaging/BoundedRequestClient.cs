using MassTransit;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>A request client that keeps to its timeout also while the broker is dead: MassTransit's own begins to count once the question is sent.</summary>
/// <param name="inner">MassTransit's.</param>
/// <param name="usual">The timeout where a call gives none.</param>
internal sealed class BoundedRequestClient<TQuestion>(IRequestClient<TQuestion> inner, TimeSpan usual) : IRequestClient<TQuestion>
    where TQuestion : class
{
    public RequestHandle<TQuestion> Create(TQuestion message, CancellationToken cancellationToken, RequestTimeout timeout) => inner.Create(message, cancellationToken, timeout);

    public RequestHandle<TQuestion> Create(object values, CancellationToken cancellationToken, RequestTimeout timeout) => inner.Create(values, cancellationToken, timeout);

    public Task<Response<T>> GetResponse<T>(TQuestion message, CancellationToken cancellationToken, RequestTimeout timeout)
        where T : class => BoundAsync(() => inner.GetResponse<T>(message, cancellationToken, timeout), timeout, cancellationToken);

    public Task<Response<T>> GetResponse<T>(TQuestion message, RequestPipeConfiguratorCallback<TQuestion> callback, CancellationToken cancellationToken, RequestTimeout timeout)
        where T : class => BoundAsync(() => inner.GetResponse<T>(message, callback, cancellationToken, timeout), timeout, cancellationToken);

    public Task<Response<T>> GetResponse<T>(object values, CancellationToken cancellationToken, RequestTimeout timeout)
        where T : class => BoundAsync(() => inner.GetResponse<T>(values, cancellationToken, timeout), timeout, cancellationToken);

    public Task<Response<T>> GetResponse<T>(object values, RequestPipeConfiguratorCallback<TQuestion> callback, CancellationToken cancellationToken, RequestTimeout timeout)
        where T : class => BoundAsync(() => inner.GetResponse<T>(values, callback, cancellationToken, timeout), timeout, cancellationToken);

    public Task<Response<T1, T2>> GetResponse<T1, T2>(TQuestion message, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class
        where T2 : class => BoundAsync(() => inner.GetResponse<T1, T2>(message, cancellationToken, timeout), timeout, cancellationToken);

    public Task<Response<T1, T2>> GetResponse<T1, T2>(TQuestion message, RequestPipeConfiguratorCallback<TQuestion> callback, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class
        where T2 : class => BoundAsync(() => inner.GetResponse<T1, T2>(message, callback, cancellationToken, timeout), timeout, cancellationToken);

    public Task<Response<T1, T2>> GetResponse<T1, T2>(object values, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class
        where T2 : class => BoundAsync(() => inner.GetResponse<T1, T2>(values, cancellationToken, timeout), timeout, cancellationToken);

    public Task<Response<T1, T2>> GetResponse<T1, T2>(object values, RequestPipeConfiguratorCallback<TQuestion> callback, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class
        where T2 : class => BoundAsync(() => inner.GetResponse<T1, T2>(values, callback, cancellationToken, timeout), timeout, cancellationToken);

    public Task<Response<T1, T2, T3>> GetResponse<T1, T2, T3>(TQuestion message, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class
        where T2 : class
        where T3 : class => BoundAsync(() => inner.GetResponse<T1, T2, T3>(message, cancellationToken, timeout), timeout, cancellationToken);

    public Task<Response<T1, T2, T3>> GetResponse<T1, T2, T3>(
        TQuestion message, RequestPipeConfiguratorCallback<TQuestion> callback, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class
        where T2 : class
        where T3 : class => BoundAsync(() => inner.GetResponse<T1, T2, T3>(message, callback, cancellationToken, timeout), timeout, cancellationToken);

    public Task<Response<T1, T2, T3>> GetResponse<T1, T2, T3>(object values, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class
        where T2 : class
        where T3 : class => BoundAsync(() => inner.GetResponse<T1, T2, T3>(values, cancellationToken, timeout), timeout, cancellationToken);

    public Task<Response<T1, T2, T3>> GetResponse<T1, T2, T3>(
        object values, RequestPipeConfiguratorCallback<TQuestion> callback, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class
        where T2 : class
        where T3 : class => BoundAsync(() => inner.GetResponse<T1, T2, T3>(values, callback, cancellationToken, timeout), timeout, cancellationToken);

    private async Task<T> BoundAsync<T>(Func<Task<T>> ask, RequestTimeout timeout, CancellationToken cancellationToken)
    {
        // Apart from this request: sending to a dead broker may not even return.
        var answer = Task.Run(ask, CancellationToken.None);
        try
        {
            return await answer.WaitAsync(timeout.HasValue ? timeout.Value : usual, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new RequestTimeoutException($"No answer to {typeof(TQuestion).Name} in time.");
        }
        finally
        {
            // Nobody is left who could be told of its failure.
            _ = answer.ContinueWith(late => late.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
        }
    }
}
