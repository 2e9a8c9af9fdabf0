using Son1kVers3.Testing;

namespace Son1kVers3.Load;

/// <summary>nginx with two workers on a port of its own, to compare with.</summary>
internal static class Nginx
{
    private const string Program = "/usr/sbin/nginx";

    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Its address, at which these locations answer.</summary>
    public static string Start(Children children, string locations)
    {
        var port = FreePort.Next();
        var folder = Directory.CreateTempSubdirectory("nginx-").FullName;
        File.WriteAllText($"{folder}/nginx.conf", $$"""
            {{(Environment.UserName == "root" ? "user root;" : "")}} daemon off; pid {{folder}}/pid; error_log /dev/null; worker_processes 2;
            events { worker_connections 1024; }
            http {
              access_log off; sendfile on; client_body_temp_path {{folder}}; proxy_temp_path {{folder}}; fastcgi_temp_path {{folder}}; uwsgi_temp_path {{folder}}; scgi_temp_path {{folder}};
              keepalive_requests 1000000;
              server { listen 127.0.0.1:{{port}}; {{locations}} }
            }
            """);
        children.Start(Program, ["-c", $"{folder}/nginx.conf"]);
        return $"http://127.0.0.1:{port}";
    }
}
