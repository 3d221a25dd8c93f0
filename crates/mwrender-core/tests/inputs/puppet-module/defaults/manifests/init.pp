# Files under /etc/helmfile-defaults, one for each way in which puppet can manage a file.
#
# @param hosts  the servers of the pool `main`
# @param broken whether the catalog shall not compile
class defaults (
  Array[String[1]] $hosts,
  Boolean          $broken = false,
) {
  $root = '/etc/helmfile-defaults'

  file { $root:
    ensure => directory,
    mode   => '0755',
  }

  # the title is not the path, and the path is not in its shortest form
  file { 'defaults-pools':
    path    => "${root}/mediawiki//pools.yaml",
    content => {
      'cache' => {
        'pools' => $hosts.map |$host| { { 'name' => 'main', 'server' => $host, 'weight' => 1.5 } },
        'note'  => 'Größe, 大きさ',
      },
    }.to_yaml,
  }

  # a text of one long line, which YAML folds
  $rules = Integer[1, 40].map |$i| { "RewriteRule ^/page-${i}$ https://wiki.example.org/wiki/Page_${i} [R=301,L]" }
  file { "${root}/mediawiki/httpd.yaml":
    ensure  => file,
    content => to_yaml({ 'sites' => [{ 'name' => 'redirects', 'content' => "${join($rules, ' ')}\n" }] }),
  }

  # its value is broken on purpose if asked for: a number and a text have no sum
  file { "${root}/count.yaml":
    content => to_yaml({ 'count' => $broken ? { true => $hosts.size + 'x', default => $hosts.size } }),
  }

  file { "${root}/logo.bin":
    content => Binary('iVBORw0KGgr/AP8=', '%B'),
  }

  file { "${root}/private":
    ensure => directory,
    mode   => '0750',
  }
  file { "${root}/private/token.yaml":
    content => Sensitive(to_yaml({ 'token' => 'example-of-a-secret' })),
  }
  file { "${root}/private/key.bin":
    content => Sensitive(Binary('c2VjcmV0AP8=')),
  }
  file { "${root}/private/quiet.yaml":
    content   => to_yaml({ 'password' => 'example-of-a-password' }),
    show_diff => false,
  }

  file { "${root}/general.yaml":
    ensure => link,
    target => "${root}/count.yaml",
  }
  file { "${root}/short.yaml":
    ensure => 'count.yaml',
  }
  file { "${root}/old.yaml":
    ensure => absent,
  }
  file { "${root}/generated":
    ensure  => directory,
    recurse => true,
    purge   => true,
  }
  file { "${root}/generated/kept.yaml":
    content => to_yaml({ 'kept' => true }),
  }

  # what the catalog cannot know
  file { "${root}/fetched.yaml":
    source => 'puppet:///modules/defaults/fetched.yaml',
  }
  file { "${root}/geoip":
    ensure  => directory,
    recurse => remote,
    source  => ['puppet:///volatile/GeoIP', 'puppet:///volatile/GeoIPInfo'],
  }
  file { "${root}/computed.yaml":
    content => Deferred('unwrap', ['x']),
  }
  file { "${root}/mode-only.yaml":
    mode => '0400',
  }

  # under another path
  file { '/etc/helmfile-defaults-of-others.yaml':
    content => "other: true\n",
  }
}
