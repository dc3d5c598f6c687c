"""The wiring of a crawl: which component stands where. Nothing else."""

import os

from crawler.folders import data_folder

BOT_NAME = "dossier"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# Ours; docs/settings.md describes each.
DOSSIER_DATA = str(data_folder())
DOSSIER_TOPIC = ""
DOSSIER_PORTS = [80, 443]
DOSSIER_VERB = "crawl"
DOSSIER_CHANNELS: list[str] = []
DOSSIER_SINCE = ""
DOSSIER_UNTIL = ""
DOSSIER_WARC_FILES: list[str] = []
DOSSIER_MAX_PAGES = 5_000
DOSSIER_MAX_PAGES_PER_HOST = 200
DOSSIER_MAX_MEGABYTES = {"gal": 200, "ccnews": 2_000}
DOSSIER_MAX_OUTLINKS = 1_000
DOSSIER_GAPS: dict[str, float] = {}
DOSSIER_RECHECK = False
DOSSIER_RECHECK_SHARE = 0.25
DOSSIER_MAX_RECHECKS_PER_HOST = 100
DOSSIER_ALL_DUE = False
DOSSIER_DRY_RUN = False
DOSSIER_KEEP = None
DOSSIER_ALLOW_PRIVATE: list[str] = []
DOSSIER_CONTACT = os.environ.get("DOSSIER_CONTACT", "")
DOSSIER_EXTRACT_WORKERS = 0
DOSSIER_EXTRACT_DEADLINE = 20.0
DOSSIER_EXTRACT_MEMORY_MB = 1_024
DOSSIER_EXTRACT_RECYCLE = 500
DOSSIER_DEADLINE = 60.0
DOSSIER_ROBOTS_DEADLINE = 20.0
DOSSIER_STORE_PATIENCE = 30.0
DOSSIER_COMMIT_SECONDS = 0.1
DOSSIER_STOP_GRACE = 8.0
DOSSIER_WARC_LEVEL = 3
DOSSIER_WARC_ROTATE = 1_000_000_000
DOSSIER_PROGRESS = False
DOSSIER_LOG_FORMAT = os.environ.get("DOSSIER_LOG_FORMAT", "text")
DOSSIER_METRICS = os.environ.get("DOSSIER_METRICS", "")

# The way out: every request passes from the top down, every answer from the bottom up.
DOWNLOADER = "crawler.downloader.PoliteDownloader"
DOWNLOADER_MIDDLEWARES_BASE = {  # of Scrapy's own those that we use: the others would be loaded to be switched off
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": 850,
}
DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.guard.GuardMiddleware": 10,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    "crawler.middlewares.revalidation.RevalidationMiddleware": 540,
    "crawler.middlewares.redirect.RefreshMiddleware": 580,
    "crawler.middlewares.redirect.HopMiddleware": 600,
    "crawler.middlewares.retry_after.RetryAfterMiddleware": 620,
    "crawler.middlewares.cookies.ChainCookiesMiddleware": 700,
}
SPIDER_MIDDLEWARES_BASE = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": 25,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": 50,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": 900,
}
DOWNLOAD_HANDLERS = {
    "http": "crawler.handlers.BoundedDownloadHandler",
    "https": "crawler.handlers.BoundedDownloadHandler",
    "warc": "crawler.local_warcs.WarcDownloadHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
TWISTED_DNS_RESOLVER = "crawler.resolver.GuardedResolver"

# The journey of a capture.
ITEM_PIPELINES = {
    "pipelines.stages.admit.AdmitPipeline": 100,
    "pipelines.stages.extract.ExtractPipeline": 200,
    "pipelines.stages.identify.IdentifyPipeline": 300,
    "pipelines.stages.judge.JudgePipeline": 400,
    "pipelines.stages.group.GroupPipeline": 500,
    "pipelines.stages.preserve.PreservePipeline": 600,
    "pipelines.stages.store.StorePipeline": 700,
}
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.logstats.LogStats": 0,
}
EXTENSIONS = {
    "crawler.extensions.logs.LogsExtension": 0,
    "crawler.extensions.metrics.MetricsExtension": 0,  # before the lock, which is let go when it has written
    "crawler.extensions.throttle.ThrottleExtension": 10,
    "crawler.extensions.lock.LockExtension": 1,
    "crawler.extensions.commits.CommitsExtension": 50,
    "crawler.extensions.outcomes.OutcomesExtension": 100,
    "crawler.extensions.stop.StopExtension": 200,
    "crawler.extensions.progress.ProgressExtension": 300,
}

# Manners.
USER_AGENT = ""  # crawler/agent.py: our name, version and DOSSIER_CONTACT
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "Dossier"
DOWNLOAD_DELAY = 0.5  # the floor of every host
DOWNLOAD_DELAY_JITTER = 0.25  # only adds
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
CONCURRENT_REQUESTS = 32  # under way at a time; what waits for its turn does not count
CONCURRENT_REQUESTS_PER_DOMAIN = 4
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en;q=0.8,*;q=0.5",
    "Accept-Encoding": "gzip, deflate, br",
}

# Bounds.
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True
DOWNLOAD_VERIFY_CERTIFICATES = True
REDIRECT_MAX_TIMES = 5
METAREFRESH_MAXDELAY = 6
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408]
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
MEMUSAGE_LIMIT_MB = 2_048
MEMUSAGE_CHECK_INTERVAL_SECONDS = 5.0
CONCURRENT_ITEMS = 2  # a page is one item; Scrapy starts that many tasks for each
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 20_000_000  # bytes of pages between download and outcome
REACTOR_THREADPOOL_MAXSIZE = 20  # names are looked up there

SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # of equal questions the first comes first

# Every status reaches the stages, which say why a page is no article; no request is dropped without an outcome.
HTTPERROR_ALLOW_ALL = True
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"

# Off.
COOKIES_ENABLED = False  # ours last for one redirect chain
COMPRESSION_ENABLED = False
HTTPCACHE_ENABLED = False
REFERER_ENABLED = False
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

LOG_LEVEL = "INFO"
LOG_FILE_APPEND = False
STATS_DUMP = True
